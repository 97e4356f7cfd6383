// The pair of the demonstration: a master and a standby, each a process, and what they tell in the words of the timeline.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../node/free-ports.ts";
import { NodeProcess } from "../node/pair/child.ts";
import { type NodePlace, type WrittenPair, writePair } from "../node/pair/init.ts";
import type { NodeEvent } from "../node/pair/node-event.ts";
import { readStatus } from "../node/pair/read-status.ts";
import { nodeConfigOf } from "./pair-config.ts";
import type { Timeline } from "./timeline.ts";

export type NodeName = "master" | "standby";

export const LINE = "6000";
export const DOMAIN = "demo.invalid"; // RFC 2606 §2

const ADDRESS = "127.0.0.1";
/** The shortest that the keys allow, so that the story is short. */
const GENERAL = ["takeoverDelay = 5", "returnDelay = 5", "minExpires = 10"];

const STATE = { master: "MASTER", standby: "UNREGISTERED" };

export class Stage {
  readonly files: WrittenPair;
  readonly places: Readonly<Record<NodeName, NodePlace>>;
  readonly #folder: string;
  readonly #timeline: Timeline;
  readonly #nodes: Partial<Record<NodeName, NodeProcess>> = {};
  /** What each node is now. */
  readonly roles: Record<NodeName, string> = { ...STATE };

  private constructor(folder: string, files: WrittenPair, places: Stage["places"], timeline: Timeline) {
    this.#folder = folder;
    this.files = files;
    this.places = places;
    this.#timeline = timeline;
  }

  /** Writes the pair into a folder that goes with it; nothing runs yet. */
  static async open(timeline: Timeline): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "standfast-demo-"));
    const ports = await freePorts(8);
    const place = (from: number): NodePlace => {
      const [sip = 0, tls = 0, replication = 0, http = 0] = ports.slice(from);
      return { address: ADDRESS, udp: sip, tcp: sip, tls, replication, http };
    };
    const places = { master: place(0), standby: place(4) };
    const licences = { registrations: 1, standby: 1 };
    const files = await writePair({
      folder,
      realm: DOMAIN,
      ...places,
      users: [LINE],
      licences,
      general: GENERAL,
    });
    return new Stage(folder, files, places, timeline);
  }

  /** The settings of the standby, as its own process reads them. */
  get standby(): ReturnType<typeof nodeConfigOf> {
    return nodeConfigOf(this.files.standby);
  }

  /** What the nodes said of trouble. */
  get trouble(): string {
    return Object.values(this.#nodes)
      .map(({ errors }) => errors.trim())
      .join("\n");
  }

  /** Lines that have a binding anywhere, by the word of each node that answers. */
  async bound(): Promise<readonly string[]> {
    const pages = Object.values(this.places).map(({ http }) => `http://${ADDRESS}:${http}/status`);
    const told = await Promise.allSettled(pages.map(readStatus));
    return told
      .flatMap((one) => (one.status === "fulfilled" ? one.value.phones : []))
      .map(({ user }) => user);
  }

  start(node: NodeName): void {
    this.roles[node] = STATE[node];
    this.#nodes[node] = new NodeProcess({
      path: this.files[node],
      onEvent: (event) => this.#hear(node, event),
    });
  }

  async kill(node: NodeName): Promise<void> {
    this.#act(node, "is killed");
    this.roles[node] = "gone";
    await this.#nodes[node]?.kill();
  }

  hang(node: NodeName): void {
    this.#act(node, "hangs: it hears and says nothing");
    this.#nodes[node]?.freeze();
  }

  /** Runs on, or starts again with what is on its disk. */
  restore(node: NodeName): void {
    const held = this.#nodes[node];
    this.#act(node, held?.isRunning ? "answers again" : "is started again");
    if (held?.isRunning) held.thaw();
    else this.start(node);
  }

  async restart(node: NodeName): Promise<void> {
    await this.#nodes[node]?.kill();
    this.restore(node);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#nodes).map((node) => node.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #act(node: NodeName, what: string): void {
    this.#timeline.add({ kind: "act", t: this.#timeline.now, server: node, what });
  }

  #hear(node: NodeName, event: NodeEvent): void {
    const { type, text, user, to } = event;
    const t = this.#timeline.now;
    if (type === "role") {
      this.roles[node] = String(to);
      this.#timeline.add({ kind: "role", t, node, role: String(to), text });
    } else if (user === LINE && (type === "registered" || type === "removed" || type === "handedBack")) {
      const what = type === "registered" ? "bound" : "unbound";
      this.#timeline.add({ kind: "binding", t, server: node, line: LINE, what });
    } else this.#timeline.add({ kind: "node", t, node, told: type, text });
  }
}
