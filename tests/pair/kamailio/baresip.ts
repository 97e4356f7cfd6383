// baresip of Debian, a phone that nobody here wrote: two outbound proxies, each with a flow of its own (RFC 5626).

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../host/folder.ts";
import { type Endpoint, endpointText } from "../../real/probe.ts";

export interface BaresipPlan {
  readonly user: string;
  readonly password: string;
  readonly realm: string;
  /** Its own address. */
  readonly address: string;
  readonly proxies: readonly [Endpoint, Endpoint];
  /** Asked for; it refreshes after nine tenths. */
  readonly leaseSeconds: number;
  /** Where its words go. */
  readonly log: string;
}

/** No sound, no picture: it only registers. */
const CONFIG = `poll_method epoll
module_path /usr/lib/baresip/modules
module g711.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
`;

export class Baresip {
  readonly #child: ChildProcess;

  constructor(plan: BaresipPlan) {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config"), `${CONFIG}sip_listen ${plan.address}:0\n`);
    writeFileSync(join(folder, "accounts"), accountOf(plan));
    writeFileSync(join(folder, "contacts"), "");
    writeFileSync(join(folder, "uuid"), "0a95a0e1-0000-4000-8000-000000000001"); // a line end would be sent
    const words = ["--pdeathsig", "KILL", "baresip", "-4", "-f", folder];
    this.#child = spawn("setpriv", words, { stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(plan.log);
    this.#child.stdout?.pipe(log);
    this.#child.stderr?.pipe(log);
  }

  /** It removes nothing. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

function accountOf({ user, password, realm, proxies, leaseSeconds }: BaresipPlan): string {
  const [first, second] = proxies.map((proxy) => `"sip:${endpointText(proxy)}"`);
  return (
    `<sip:${user}@${realm}>;auth_user=${user};auth_pass=${password};sipnat=outbound` +
    `;outbound=${first};outbound2=${second};regint=${leaseSeconds};pubint=0\n`
  );
}
