// A main and a standby PBX service on this machine, each with secrets of its own, and everything that reaches them.

import type { TestContext } from "node:test";
import { Authority } from "../../../../host/node/certificates.ts";
import { PbxService } from "../../../../host/node/session/pbx-service.ts";
import type { SoapServer } from "../../../../host/node/session/soap-driver.ts";
import type { ServerName } from "../../../../host/session/login/driver.ts";

/** What only one of the servers may ever see; main's and standby's. */
export const SECRETS = {
  main: {
    account: "http-of-main",
    password: "pass-of-main",
    pbxUser: "Queue of main",
    application: "shown-to-main",
  },
  standby: {
    account: "http-of-standby",
    password: "pass-of-standby",
    pbxUser: "Queue of standby",
    application: "shown-to-standby",
  },
} as const;

export const PATHS = { main: "/PBX0/user.soap", standby: "/PBX0-other/user.soap" } as const;

export class PbxPair {
  /** Everything that arrived, as text. */
  readonly bytes: Record<ServerName, string> = { main: "", standby: "" };
  /** `main Initialize`, in the order of arrival at both. */
  readonly log: string[] = [];
  readonly services: Readonly<Record<ServerName, PbxService>>;
  readonly servers: Readonly<Record<ServerName, SoapServer>>;

  private constructor(services: PbxPair["services"], servers: PbxPair["servers"]) {
    this.services = services;
    this.servers = servers;
  }

  /** It goes with the test. @param secure HTTPS, each certificate signed by an authority of its own */
  static async start(t: TestContext, secure: boolean): Promise<PbxPair> {
    const onBytes = { main: (_: Buffer) => {}, standby: (_: Buffer) => {} };
    const made = await Promise.all(
      (["main", "standby"] as const).map(async (name) => {
        const authority = await Authority.create(`Authority of ${name}`);
        const tls = secure
          ? await authority.issue({ names: [{ type: "ip", value: "127.0.0.1" }] })
          : undefined;
        const { account, password, pbxUser } = SECRETS[name];
        const service = new PbxService({
          account,
          password,
          pbxUser,
          path: PATHS[name],
          key: `key of ${name}`,
          port: 0,
          pollMs: 5000,
          onBytes: (piece) => onBytes[name](piece),
          ...(tls && { tls }),
        });
        service.pbx.set("100", `idle at ${name}`);
        await service.start();
        const security = secure ? { host: "127.0.0.1", ca: [authority.certificate] } : undefined;
        const server = {
          host: "127.0.0.1",
          port: service.port,
          path: PATHS[name],
          security,
          ...SECRETS[name],
        };
        return { service, server };
      }),
    );
    const [main, standby] = made as [(typeof made)[0], (typeof made)[0]];
    const pair = new PbxPair(
      { main: main.service, standby: standby.service },
      { main: main.server, standby: standby.server },
    );
    for (const name of ["main", "standby"] as const)
      onBytes[name] = (piece) => pair.#note(name, String(piece));
    t.after(() => Promise.all([pair.services.main.kill(), pair.services.standby.kill()]));
    return pair;
  }

  #note(name: ServerName, text: string): void {
    this.bytes[name] += text;
    // Each call comes twice: bare, and with what the server has asked for.
    const isProven = /authorization: digest/i.test(
      this.bytes[name].slice(this.bytes[name].lastIndexOf("POST ")),
    );
    const [, operation] = /<p:(\w+)/.exec(text) ?? [];
    if (operation !== undefined && isProven) this.log.push(`${name} ${operation}`);
  }
}
