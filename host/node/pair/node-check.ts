// The check of a start with the parts of a real node: what each component is asked.
//
// Below: start-check.ts, probes.ts, host/pbx/readiness. Above: node.ts.
import { shippedModule } from "../../module.ts";
import type { PairServer } from "../../pbx/pair/server.ts";
import { whyNoProxy } from "../../pbx/readiness/proxy.ts";
import type { ReadinessEvent } from "../../pbx/readiness/readiness.ts";
import { after, timeOfDay } from "../clock.ts";
import type { EventLog } from "./event-log.ts";
import { sipPorts } from "./listeners.ts";
import { type Finding, probeModule, probeTransport, verdict } from "./probes.ts";
import { isOfThisMachine } from "./same-host.ts";
import type { NodeConfig } from "./settings-file.ts";
import { StartCheck } from "./start-check.ts";
import type { Store } from "./store.ts";

export interface NodeCheckOptions {
  readonly config: NodeConfig;
  readonly store: Store;
  readonly server: PairServer;
  readonly log: EventLog;
  readonly now: () => number;
  readonly onEvent: (event: ReadinessEvent) => void;
  readonly onReady: () => void;
}

export function checkOf({ config, store, server, log, now, onEvent, onReady }: NodeCheckOptions): StartCheck {
  const { settings, identity, authorityFile } = config;
  const { address, mode, master } = settings;
  const { locations } = store;
  return new StartCheck({
    options: settings.readiness,
    place: { mode, isSameHost: master !== undefined && isOfThisMachine(master.address) },
    ports: sipPorts(settings),
    probes: {
      "core module": () => probeModule(shippedModule),
      transport: () => probeTransport({ identity, authorityFile, address, now: new Date() }),
      "message proxy": () =>
        verdict(whyNoProxy({ ask: (bytes, from) => server.probe(bytes, from, now()), locations }, now())),
      replication: () => replicated(config, store),
      "event log": () => verdict(log.check(timeOfDay())),
    },
    now,
    after,
    onEvent,
    onReady,
  });
}

function replicated({ settings }: NodeConfig, { directory }: Store): Finding {
  if (directory.version > 0 || !settings.replicateFromMaster) return { kind: "initialised" };
  return { kind: "waits", why: "no set of objects has ever come from the master" };
}
