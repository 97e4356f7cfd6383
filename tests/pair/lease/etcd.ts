// A real etcd of Debian, alone or a member of a cluster, which can be killed and started again with its data; and a way
// to it that can be cut.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { promisify } from "node:util";
import { temporaryFolder } from "../../host/folder.ts";
import { freePorts } from "../../host/ports.ts";
import { Running } from "../../host/running.ts";
import { type Ground, HERE } from "../../real/ground.ts";

const run = promisify(execFile);

/** Where a member is, and what it is called in its cluster. */
export interface Site {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly peerPort: number;
  readonly ground: Ground;
}

/** Ports of loopback that nobody has. */
export async function freeSite(name: string, address = "127.0.0.1"): Promise<Site> {
  const port = await freePorts(2);
  return { name, address, port, peerPort: port + 1, ground: HERE };
}

export class RealEtcd {
  readonly site: Site;
  readonly #cluster: readonly Site[];
  readonly #folder = temporaryFolder();
  #program: Running | undefined;

  /** Nothing runs yet. */
  constructor(site: Site, cluster: readonly Site[]) {
    this.site = site;
    this.#cluster = cluster;
  }

  /** One that is a cluster by itself, and runs. */
  static async open(): Promise<RealEtcd> {
    const site = await freeSite("alone");
    const etcd = new RealEtcd(site, [site]);
    await etcd.start();
    return etcd;
  }

  get url(): string {
    return `http://${this.site.address}:${this.site.port}`;
  }

  /** The write-ahead log, the file that it flushes before it agrees to anything; the first one there is. */
  get log(): string {
    return `${this.#folder}/member/wal/0000000000000000-0000000000000000.wal`;
  }

  get pid(): number | undefined {
    return this.#program?.child.pid;
  }

  /** Until it serves: not before most members of its cluster run. */
  async start(): Promise<void> {
    const { name, ground } = this.site;
    const options = {
      name,
      "data-dir": this.#folder,
      "listen-client-urls": this.url,
      "advertise-client-urls": this.url,
      "listen-peer-urls": peerUrl(this.site),
      "initial-advertise-peer-urls": peerUrl(this.site),
      "initial-cluster": this.#cluster.map((site) => `${site.name}=${peerUrl(site)}`).join(),
    };
    const words = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
    const [program = "", ...rest] = [...ground, "etcd", ...words];
    this.#program = new Running(program, rest);
    await this.#program.until(({ stderr }) => /ready to serve client requests/.test(stderr));
  }

  /** SIGKILL: nothing is said to anybody. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#program?.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#program?.child.kill(name);
  }

  /** A request of its JSON interface, asked again while the cluster elects. @throws Error: what it said in the end */
  async ask(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const script = `fetch("${this.url}${path}",{method:"POST",body:process.argv[1],signal:AbortSignal.timeout(8000)})
      .then((r)=>r.text()).then(console.log)`;
    const words = [...this.site.ground, process.execPath, "-e", script, JSON.stringify(body)];
    for (let triesLeft = 5; ; triesLeft--) {
      const { stdout } = await run(words[0] ?? "", words.slice(1));
      const answer = JSON.parse(stdout);
      if (answer.error === undefined) return answer;
      if (triesLeft === 0) throw new Error(`${this.url}${path}: ${stdout}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function peerUrl({ address, peerPort }: Site): string {
  return `http://${address}:${peerPort}`;
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
