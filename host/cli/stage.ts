// The two embedded servers of the demonstration, and what they see, in the words of the timeline.
import { monotonicMs } from "../node/clock.ts";
import { PbxSocket, type Sighting } from "../node/pbx-socket.ts";
import type { Timeline } from "./timeline.ts";

export type ServerName = "primary" | "backup1";

export const LINE = "6000";
export const PASSWORD = "demo";
export const DOMAIN = "demo.invalid"; // RFC 2606 §2

const ADDRESS = "127.0.0.1";

export class Stage {
  readonly servers: Readonly<Record<ServerName, PbxSocket>>;
  readonly #timeline: Timeline;

  private constructor(servers: Readonly<Record<ServerName, PbxSocket>>, timeline: Timeline) {
    this.servers = servers;
    this.#timeline = timeline;
  }

  static async open(timeline: Timeline): Promise<Stage> {
    const primary = await openServer("primary", timeline);
    const backup1 = await openServer("backup1", timeline);
    return new Stage({ primary, backup1 }, timeline);
  }

  /** Lines that have a binding at that server. */
  boundAt(server: ServerName): readonly string[] {
    return this.servers[server].bindings().map(({ user }) => user);
  }

  kill(server: ServerName): void {
    this.servers[server].die();
    this.#act(server, "is killed: its port is closed");
  }

  hang(server: ServerName): void {
    this.servers[server].hang();
    this.#act(server, "hangs: it hears and says nothing");
  }

  /** As it was, with the bindings it had. */
  async restore(server: ServerName): Promise<void> {
    await this.servers[server].comeBack();
    this.#act(server, "answers again");
  }

  /** A boot: bindings and nonces are forgotten. */
  async restart(server: ServerName): Promise<void> {
    await this.servers[server].restart();
    this.#act(server, "has started again, without memory");
  }

  close(): void {
    for (const server of Object.values(this.servers)) server.die();
  }

  #act(server: ServerName, what: string): void {
    this.#timeline.add({ kind: "act", t: this.#timeline.now, server, what });
  }
}

function openServer(name: ServerName, timeline: Timeline): Promise<PbxSocket> {
  return PbxSocket.open({
    address: ADDRESS,
    port: 0,
    registrar: {
      realm: DOMAIN,
      key: name,
      accounts: [{ user: LINE, account: LINE, secret: { kind: "password", password: PASSWORD } }],
    },
    now: monotonicMs,
    onSight: (sighting) => tell(name, sighting, timeline),
  });
}

/** Packets come all the time; only what they do to the location table is told. */
function tell(server: ServerName, sighting: Sighting, timeline: Timeline): void {
  if (sighting.kind === "packet") return;
  timeline.add({ kind: "binding", t: timeline.now, server, line: sighting.user, what: sighting.kind });
}
