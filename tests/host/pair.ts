// Two embedded servers and the configuration of a phone that uses them: the bench of the host tests.
import { networkInterfaces } from "node:os";
import type { TestContext } from "node:test";
import type { PhoneConfig } from "../../host/config/model.ts";
import { fromOptions } from "../../host/config/options.ts";
import { writeEndpoint } from "../../host/node/address.ts";
import type { Identity } from "../../host/node/pbx-listen.ts";
import { PbxSocket, type Sighting } from "./pbx-socket.ts";
import { freePorts } from "./ports.ts";

export const PASSWORD = "correct horse";

/** The shortest times that are allowed: tests of real time should not last. */
export const SHORT: readonly string[] = [
  "registerRefreshInterval=10",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "registerTimeout=500",
  "optionsTimeout=500",
  "preferPrimary=on",
  "detectPhase=fixed",
];

/** Times of a phone that takes no busy machine for a dead server: nothing is repeated, and a heartbeat every 5 s. */
export const UNHURRIED: readonly string[] = [
  "registerRefreshInterval=60",
  "primaryDetectInterval=5",
  "maxDetectFailCount=0",
  "registerTimeout=20000",
  "optionsTimeout=10000",
  "t1=5000",
  "t2=5000",
  "preferPrimary=on",
  "detectPhase=fixed",
];

/** For a test that waits for a server's silence, so that it does not wait long. */
export const IMPATIENT: readonly string[] = ["registerTimeout=2000", "optionsTimeout=2000"];

/** False where the machine shows an IPv6 loopback, else why such tests cannot run. */
export const NO_IPV6 =
  !Object.values(networkInterfaces())
    .flat()
    .some((entry) => entry?.address === "::1") && "net: this machine has no IPv6 loopback";

export interface Pair {
  readonly primary: PbxSocket;
  readonly backup1: PbxSocket;
  /** What each server saw, in order. */
  readonly sights: Readonly<Record<"primary" | "backup1", Sighting[]>>;
  config(...params: string[]): PhoneConfig;
  /** The lines of one server's location table, as "6000". */
  boundAt(server: "primary" | "backup1"): string[];
}

/** How the pair is reached. */
export interface Over {
  readonly transport: "udp" | "tcp" | "tls";
  /** What each server shows. */
  readonly identity?: Identity;
}

export async function openPair(
  context: TestContext,
  users: readonly string[] = ["6000"],
  addresses: Readonly<Record<"primary" | "backup1", string>> = { primary: "127.0.0.1", backup1: "127.0.0.1" },
  over: Over = { transport: "udp" },
  grantHeaders: readonly string[] = [],
): Promise<Pair> {
  const sights = { primary: [] as Sighting[], backup1: [] as Sighting[] };
  // While a server is dead nobody takes its port.
  const open = async (name: "primary" | "backup1"): Promise<PbxSocket> =>
    PbxSocket.open({
      address: addresses[name],
      port: await freePorts(),
      ...over,
      registrar: {
        realm: "test.invalid",
        key: name,
        subscriptions: true,
        grantHeaders,
        accounts: users.map((user) => ({
          user,
          account: user,
          secret: { kind: "password", password: PASSWORD },
        })),
      },
      now: () => performance.now(),
      onSight: (sighting) => sights[name].push(sighting),
    });
  const pair = { primary: await open("primary"), backup1: await open("backup1") };
  context.after(() => {
    pair.primary.die();
    pair.backup1.die();
  });
  return {
    ...pair,
    sights,
    config: (...params) => configOf(pair, users, [`transport=${over.transport}`, ...params]),
    boundAt: (server) => pair[server].bindings().map(({ user }) => user),
  };
}

function configOf(
  { primary, backup1 }: { readonly primary: PbxSocket; readonly backup1: PbxSocket },
  users: readonly string[],
  params: readonly string[],
): PhoneConfig {
  const reading = fromOptions({
    primary: writeEndpoint(primary.endpoint),
    backups: [writeEndpoint(backup1.endpoint)],
    users,
    password: PASSWORD,
    domain: "test.invalid",
    params: [...UNHURRIED, ...params],
  });
  if (reading.kind === "refused") throw new Error(JSON.stringify(reading.errors));
  return reading.config;
}
