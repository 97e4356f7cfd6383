// Servers on loopback that hear a phone: where each message of it arrived, by which transport, from which port, and
// what it was answered. Two of them share a port, so that a host can change alone, and two a host, so that a port can.
import type { TestContext } from "node:test";
import { type Heard, type Identity, listenStream, listenUdp } from "../../../host/node/pbx-listen.ts";
import { PbxServer } from "../../../host/pbx/server.ts";
import { PASSWORD } from "../pair.ts";
import { freePorts } from "../ports.ts";
import { PATIENCE_MS } from "../until.ts";

export type Ear = "here" | "there" | "beside" | "secure";
type Transport = "udp" | "tcp" | "tls";

export interface Message {
  readonly ear: Ear;
  readonly transport: Transport;
  readonly fromPort: number;
  readonly text: string;
  /** Of its answer; empty: it has none. */
  readonly status: string;
}

const HERE = "127.0.0.1";
const THERE = "127.0.0.2";
const secret = { kind: "password", password: PASSWORD } as const;
const REGISTRAR = {
  realm: "test.invalid",
  subscriptions: true,
  accounts: [
    { user: "6000", account: "6000", secret },
    { user: "6000", account: "desk", secret },
    { user: "6001", account: "6001", secret },
  ],
};

export class Ears {
  readonly heard: Message[] = [];
  /** Of `here` and `there`. */
  readonly port: number;
  /** Of `beside`, of `secure`, and one where nobody is. */
  readonly others: Readonly<Record<"beside" | "secure" | "nobody", number>>;
  /** Where answers leave from instead of where they were asked. */
  answer: Heard["answer"] | undefined;
  #woken = (): void => {};

  private constructor(port: number) {
    this.port = port;
    this.others = { beside: port + 1, secure: port + 2, nobody: port + 3 };
  }

  static async open(context: TestContext, identity: Identity): Promise<Ears> {
    const ears = new Ears(await freePorts(4));
    await ears.#open(context, "here", "udp", HERE, ears.port);
    await ears.#open(context, "here", "tcp", HERE, ears.port);
    await ears.#open(context, "there", "udp", THERE, ears.port);
    await ears.#open(context, "beside", "udp", HERE, ears.others.beside);
    await ears.#open(context, "secure", "tls", HERE, ears.others.secure, identity);
    return ears;
  }

  /** Waits for so many messages; says what came instead. */
  async until(count: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const missing = (): void => {
        const lines = this.heard.map(({ ear, text }) => `${ear}: ${text.split("\r\n", 1)}`);
        reject(new Error(`${count} messages are awaited, there came ${lines.length}:\n${lines.join("\n")}`));
      };
      const late = setTimeout(missing, PATIENCE_MS);
      this.#woken = () => {
        if (this.heard.length < count) return;
        clearTimeout(late);
        resolve();
      };
      this.#woken();
    });
  }

  async #open(
    context: TestContext,
    ear: Ear,
    transport: Transport,
    address: string,
    port: number,
    identity?: Identity,
  ): Promise<void> {
    const server = new PbxServer(REGISTRAR, { contactOf: () => undefined, tableOf: () => undefined });
    const onHeard = ({ bytes, from, answer }: Heard): void => {
      const outcome = server.handle(bytes, from, performance.now());
      const replies = outcome.kind === "answered" ? outcome.replies : [];
      for (const reply of replies) (this.answer ?? answer)(reply.bytes, reply.to);
      const [, status = ""] = Buffer.from(replies[0]?.bytes ?? "")
        .toString()
        .split(" ", 2);
      this.heard.push({ ear, transport, fromPort: from.port, text: Buffer.from(bytes).toString(), status });
      this.#woken();
    };
    const where = { address, port, onHeard };
    const listener =
      transport === "udp" ? await listenUdp(where) : await listenStream(where, transport, { identity });
    context.after(() => listener.close());
  }
}
