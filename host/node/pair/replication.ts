// Replication of one node, whichever side it is: opened, shown, closed.
//
// Below: replication-server.ts, replication-client.ts. Above: node.ts.
import type { Guesses } from "../../pbx/guesses.ts";
import { networkOf } from "../../pbx/network.ts";
import { ShortMemory } from "../../pbx/short-memory.ts";
import type { ReplicationStatus } from "../../pbx/status.ts";
import { readAuthorities } from "../tls.ts";
import type { Visitors } from "../visitors.ts";
import { ReplicationClient } from "./replication-client.ts";
import { replicationKey } from "./replication-key.ts";
import { ReplicationServer, type ServerEvent } from "./replication-server.ts";
import type { NodeConfig } from "./settings-file.ts";
import type { Store } from "./store.ts";

export interface ReplicationOptions {
  readonly config: NodeConfig;
  readonly store: Store;
  readonly now: () => number;
  readonly visitors: Visitors;
  /** Wrong PBX passwords are counted here. */
  readonly guesses: Guesses;
  /** Something became known, or is no longer true. */
  readonly onChange: (type: string, text: string) => void;
}

export interface Replication {
  status(): ReplicationStatus;
  close(): Promise<void>;
}

/**
 * Begins it; a standby tries until it succeeds.
 * @throws HostError "replication": the master's port cannot be listened on
 */
export async function openReplication(options: ReplicationOptions): Promise<Replication> {
  const { settings, pbxPassword } = options.config;
  const key = settings.replicateFromMaster ? await replicationKey(pbxPassword) : undefined;
  if (key === undefined) return idle(options);
  return settings.mode === "master" ? openServer(options, key) : openClient(options, key);
}

/** One that does not run, or not yet. */
export function idle(options: ReplicationOptions): Replication {
  return { status: () => statusOf(options, {}), close: async () => {} };
}

async function openServer(options: ReplicationOptions, key: Uint8Array): Promise<Replication> {
  const { config, store, now, guesses, visitors, onChange } = options;
  const { settings, identity } = config;
  const told = new ShortMemory<true>({ entries: 100, keptMs: 3_600_000 });
  /** A standby each time; of strangers each address and reason once an hour, as they may come without end. */
  const tellGone = ({ name, from, trouble }: Extract<ServerEvent, { kind: "standbyGone" }>): void => {
    const [address = ""] = from.split(" ");
    const key = `${networkOf(address)} ${trouble.code}`;
    if (name === "" && told.get(key, now()) === true) return;
    if (name === "") told.set(key, true, now());
    onChange("replication", `${name || address} is gone: ${trouble.message}`);
  };
  const server = await ReplicationServer.open({
    address: settings.address,
    port: settings.ports.replication,
    identity: settings.replicationTls ? identity : undefined,
    key,
    directory: store.directory,
    name: settings.name,
    now,
    guesses,
    visitors,
    onEvent: (event) =>
      event.kind === "standbyConnected" ? onChange("replication", `${event.name} follows`) : tellGone(event),
  });
  return {
    status: () => {
      const standbys = server.standbys();
      const versions = standbys.flatMap(({ version }) => version ?? []);
      const ages = standbys.flatMap(({ ageSeconds }) => ageSeconds ?? []);
      return statusOf(options, {
        isConnected: standbys.length > 0,
        ...(versions.length > 0 && { lag: store.directory.version - Math.min(...versions) }),
        ...(ages.length > 0 && { ageSeconds: Math.max(...ages) }),
      });
    },
    close: () => server.close(),
  };
}

function openClient(options: ReplicationOptions, key: Uint8Array): Replication {
  const { config, store, now, onChange } = options;
  const { address = "", ports } = config.settings.master ?? {};
  const client = new ReplicationClient({
    master: { address, port: ports?.replication ?? 0 },
    authorities: config.settings.replicationTls ? readAuthorities(config.authorityFile) : undefined,
    key,
    directory: store.directory,
    instance: store.instance,
    name: config.settings.name,
    now,
    onEvent: (event) =>
      event.kind === "masterConnected"
        ? onChange("replication", `following ${event.name}`)
        : onChange("replication", event.trouble.message),
  });
  return {
    status: () => {
      const { isConnected, ageSeconds, lag, trouble } = client.view();
      return statusOf(options, { isConnected, ageSeconds, lag, trouble: trouble?.message ?? "" });
    },
    close: async () => client.close(),
  };
}

function statusOf(
  { config: { settings }, store: { directory } }: ReplicationOptions,
  known: Partial<Pick<ReplicationStatus, "isConnected" | "ageSeconds" | "lag" | "trouble">>,
): ReplicationStatus {
  return {
    isOn: settings.replicateFromMaster,
    isTls: settings.replicationTls,
    isConnected: known.isConnected ?? false,
    version: directory.version,
    digest: directory.digest(),
    ageSeconds: known.ageSeconds,
    lag: known.lag,
    trouble: known.trouble ?? "",
  };
}
