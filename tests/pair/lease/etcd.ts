// A real etcd of Debian on loopback, which can be killed and started again with its data; and a way to it that can be cut.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { temporaryFolder } from "../../host/folder.ts";
import { Running } from "../../host/running.ts";

/** A TCP port of loopback that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export class RealEtcd {
  readonly port: number;
  readonly #peer: string;
  readonly #folder = temporaryFolder();
  #program: Running | undefined;

  private constructor(port: number, peerPort: number) {
    this.port = port;
    this.#peer = `http://127.0.0.1:${peerPort}`;
  }

  static async open(): Promise<RealEtcd> {
    const etcd = new RealEtcd(await freePort(), await freePort());
    await etcd.start();
    return etcd;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const words = {
      "data-dir": this.#folder,
      "listen-client-urls": this.url,
      "advertise-client-urls": this.url,
      "listen-peer-urls": this.#peer,
      "initial-advertise-peer-urls": this.#peer,
      "initial-cluster": `default=${this.#peer}`,
    };
    const program = new Running(
      "etcd",
      Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]),
    );
    this.#program = program;
    await program.until(({ stderr }) => /ready to serve client requests/.test(stderr), 30_000);
  }

  /** SIGKILL: nothing is said to anybody. */
  async kill(): Promise<void> {
    this.#program?.child.kill("SIGKILL");
    await this.#program?.end();
  }
}

/** A way to a port of loopback. While it is cut, nothing comes through and nothing is closed. */
export class Way {
  readonly url: string;
  readonly #sockets: Set<Socket>;
  readonly #close: () => void;
  #isCut = false;

  private constructor(port: number, sockets: Set<Socket>, close: () => void) {
    this.url = `http://127.0.0.1:${port}`;
    this.#sockets = sockets;
    this.#close = close;
  }

  static async to(target: number): Promise<Way> {
    const sockets = new Set<Socket>();
    const isCut = (): boolean => way.#isCut;
    const server = createServer((near) => {
      const far = connect(target, "127.0.0.1");
      for (const [one, other] of [[near, far] as const, [far, near] as const]) {
        sockets.add(one);
        one.on("data", (bytes) => isCut() || other.write(bytes));
        one
          .on("error", () => {})
          .on("close", () => {
            sockets.delete(one);
            if (!isCut()) other.destroy();
          });
      }
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const way = new Way((server.address() as AddressInfo).port, sockets, () => server.close());
    return way;
  }

  cut(): void {
    this.#isCut = true;
  }

  heal(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.heal();
    this.#close();
  }
}
