// One Kamailio of a pair, with the configuration that is shipped: registrar.cfg, on the standby with standfast.cfg.
//
// What it holds is asked of itself, over JSON-RPC, and read here: no code of the product's steering. Below: real/.

import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleFolder } from "../../real/kamailio.ts";
import type { Binding } from "../../real/location.ts";
import type { Endpoint } from "../../real/probe.ts";
import { Server } from "../../real/server.ts";

export const REALM = "test.invalid";
export const TLS_PORT = 5061;
const RPC_PORT = 8090;
const ANSWER_MS = 20_000;

export interface NodePlan {
  /** The table of subscribers: password by user. */
  readonly passwords: Readonly<Record<string, string>>;
  /** What it shows over TLS, PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly maxExpiresSeconds: number;
  /** It is the standby of that master. */
  readonly standby?: {
    readonly master: string;
    readonly divert: "redirect" | "relay";
    readonly startSeconds: number;
  };
}

export class KamailioNode extends Server {
  readonly #plan: NodePlan;

  constructor(endpoint: Endpoint, plan: NodePlan) {
    super(endpoint);
    this.#plan = plan;
    for (const name of ["registrar.cfg", "standfast.cfg"]) {
      copyFileSync(join("host/pbx/kamailio", name), join(this.directory, name));
    }
    this.#write("cert.pem", plan.certificate);
    this.#write("key.pem", plan.key);
    mkdirSync(join(this.directory, "db"));
    this.#write("db/subscriber", subscribers(plan.passwords));
  }

  get rpcUrl(): string {
    return `http://${this.endpoint.address}:${RPC_PORT}/RPC`;
  }

  override async table(): Promise<Binding[]> {
    const { Domains } = (await this.rpc("ul.dump")) as Dump;
    const infos = Domains.flatMap(({ Domain }) => Domain.AoRs).map(({ Info }) => Info);
    return infos
      .flatMap(({ AoR, Contacts }) => Contacts.map(({ Contact }) => bindingOf(AoR, Contact)))
      .filter(({ expiresSeconds }) => expiresSeconds > 0);
  }

  /** The addresses of record that are bound here, each once, in order. */
  async users(): Promise<readonly string[]> {
    return [...new Set((await this.table()).map(({ aor }) => aor))].sort();
  }

  async rpc(method: string, ...params: readonly (string | number)[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(this.rpcUrl, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return ((await response.json()) as { readonly result: unknown }).result;
  }

  /** Until when the last order of whoever steers it lasts, unix time in ms. host/pbx/kamailio/standfast.cfg */
  async orderedUntil(): Promise<number> {
    const shown = JSON.stringify(await this.rpc("pv.shvGet", "standfast"));
    const [, seconds, micros] = /\w+\/(\d+)\/(\d+)/.exec(shown) ?? [];
    if (seconds === undefined) throw new Error(`no order: ${shown}`);
    return Number(seconds) * 1000 + Number(micros) / 1000;
  }

  protected override commandLine(): readonly string[] {
    const { address, port } = this.endpoint;
    const directory = this.directory;
    return [
      ...["kamailio", "-f", join(directory, "registrar.cfg"), "-L", moduleFolder(), "-DD", "-E"],
      ...["-m", "32", "-M", "4", "-Y", directory, "-w", directory, "-P", join(directory, "pid")],
      ...["-A", `LISTEN_UDP=udp:${address}:${port}`, "-A", `LISTEN_TCP=tcp:${address}:${port}`],
      ...["-A", `LISTEN_TLS=tls:${address}:${TLS_PORT}`, "-A", `LISTEN_RPC=tcp:${address}:${RPC_PORT}`],
      ...["-A", `REALM="${REALM}"`, "-A", `DB="text://${join(directory, "db")}"`],
      ...["-A", `MAXEXP=${this.#plan.maxExpiresSeconds}`],
      ...this.#asStandby().flatMap((define) => ["-A", define]),
    ];
  }

  #asStandby(): readonly string[] {
    const { standby } = this.#plan;
    if (standby === undefined) return [];
    return [
      "WITH_STANDBY",
      `STANDFAST_MASTER="${standby.master}"`,
      `STANDFAST_START=${standby.startSeconds}`,
      ...(standby.divert === "relay" ? ["STANDFAST_RELAY"] : []),
    ];
  }

  /** For whoever Kamailio runs as. */
  #write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
    chmodSync(join(this.directory, name), 0o644);
  }
}

/** As the module db_text reads it; HA1 of RFC 7616 §3.4.2. */
function subscribers(passwords: Readonly<Record<string, string>>): string {
  const rows = Object.entries(passwords).map(([user, password]) => {
    const hash = createHash("md5").update(`${user}:${REALM}:${password}`).digest("hex");
    return `${user}:${REALM}:${hash}`;
  });
  return ["username(string) domain(string) ha1(string)", ...rows, ""].join("\n");
}

interface Contact {
  readonly Address: string;
  /** Seconds, or a word: deleted, expired. */
  readonly Expires: number | string;
  readonly "Call-ID": string;
  readonly CSeq: number;
}

interface Dump {
  readonly Domains: readonly {
    readonly Domain: {
      readonly AoRs: readonly {
        readonly Info: { readonly AoR: string; readonly Contacts: readonly { readonly Contact: Contact }[] };
      }[];
    };
  }[];
}

function bindingOf(aor: string, contact: Contact): Binding {
  const { Address, Expires, CSeq } = contact;
  const expiresSeconds = typeof Expires === "number" ? Expires : 0;
  return { aor, contact: Address, expiresSeconds, callId: contact["Call-ID"], cseq: CSeq };
}
