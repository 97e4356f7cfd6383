// What the host tells a core beside its inputs: the configuration, credentials, where the servers are. It is kept, so
// that another instance can be told the same after a trap.
//
// Below: core.ts. Above: agent.ts.

import * as abi from "../../assembly/abi.ts";
import type { Credentials, LineConfig, PhoneConfig, ServerConfig } from "../config/model.ts";
import { coreNumber } from "../params/row.ts";
import { CORE, type CoreName, paramNamed, type Settings } from "../params/table.ts";
import type { Core } from "./core.ts";
import type { Names } from "./events.ts";

/** Where one server is, and where we are towards it. */
export interface Place {
  /** The address it was resolved to, no brackets. */
  readonly address: string;
  /** Our own "address:port", IPv6 in brackets. */
  readonly local: string;
  /** The "address:port" of our Contact there that an earlier run may have left bound. */
  readonly earlierContact?: string;
}

export interface Identity {
  /** 32 bytes of this boot. */
  readonly seed: Uint8Array;
  /** Stable name of this device: 8 hex digits. */
  readonly instance: string;
  readonly userAgent: string;
}

/** How many addresses a server has, and which of them is in use. */
interface Targets {
  readonly count: number;
  readonly current: number;
}

export class Setup {
  readonly names: Names;
  readonly identity: Identity;
  readonly #config: PhoneConfig;
  readonly #places: (Place | undefined)[];
  readonly #targets = new Map<number, Targets>();
  /** By line and rank; null: the server is asked without. */
  readonly #held: (Credentials | null | undefined)[][];

  constructor(config: PhoneConfig, places: readonly Place[], identity: Identity) {
    this.names = {
      servers: config.servers.map(({ name }) => name),
      lines: config.lines.map(({ number }) => number),
    };
    this.identity = identity;
    this.#config = config;
    this.#places = [...places];
    this.#held = config.lines.map(({ credentials }) => [...credentials]);
  }

  /** Tells an instance everything. It has not started. @throws CoreError when it refuses a value */
  furnish(core: Core, seed: Uint8Array): void {
    core.setSeed(seed);
    setParams(core, this.#config.settings);
    for (const [rank, server] of this.#config.servers.entries()) this.#setServer(core, server, rank);
    for (const [index, line] of this.#config.lines.entries()) setLine(core, line, index);
    this.tellCredentials(core);
    core.setText(abi.TEXT_AGENT, 0, 0, this.identity.userAgent);
    core.setText(abi.TEXT_INSTANCE, 0, 0, this.identity.instance);
    this.#tellTargets(core);
  }

  /** Tells an instance that was given an older state what may have changed since. */
  renew(core: Core): void {
    this.tellCredentials(core);
    for (const [rank, place] of this.#places.entries()) if (place) tellPlace(core, rank, place);
    this.#tellTargets(core);
  }

  /** What no state holds. */
  tellCredentials(core: Core): void {
    for (const [line, held] of this.#held.entries()) {
      // A server without credentials of ours is asked all the same: it may want none.
      for (const [server, one] of held.entries()) if (one) setCredentials(core, line, server, one);
    }
  }

  setCredentials(core: Core, line: number, server: number, held: Credentials): void {
    const its = this.#held[line];
    if (its) its[server] = held;
    setCredentials(core, line, server, held);
  }

  place(core: Core, rank: number, place: Place): void {
    this.#places[rank] = place;
    tellPlace(core, rank, place);
  }

  setTargets(core: Core, rank: number, targets: Targets): void {
    this.#targets.set(rank, targets);
    core.setTargets(rank, targets.count, targets.current);
  }

  /** The core has gone to another address of that server. */
  noteTarget(rank: number, current: number): void {
    const targets = this.#targets.get(rank);
    if (targets) this.#targets.set(rank, { ...targets, current });
  }

  #tellTargets(core: Core): void {
    for (const [rank, { count, current }] of this.#targets) core.setTargets(rank, count, current);
  }

  #setServer(core: Core, server: ServerConfig, rank: number): void {
    const place = this.#places[rank];
    if (place === undefined) throw new Error(`no address was given for ${server.name}`);
    core.setServer(rank, server.port, transportNumber(server.transport));
    core.setText(abi.TEXT_HOST, 0, rank, server.host);
    core.setText(abi.TEXT_DOMAIN, 0, rank, server.domain);
    tellPlace(core, rank, place);
    if (place.earlierContact) core.setText(abi.TEXT_OLD_CONTACT, 0, rank, place.earlierContact);
  }
}

function setParams(core: Core, settings: Settings): void {
  for (const row of CORE) core.setParam(row.id, coreNumber(row, settings[row.name as CoreName]));
}

function setLine(core: Core, line: LineConfig, index: number): void {
  core.setText(abi.TEXT_USER, index, 0, line.number);
  if (line.display !== "") core.setText(abi.TEXT_DISPLAY, index, 0, line.display);
}

function setCredentials(core: Core, line: number, server: number, held: Credentials): void {
  core.setText(abi.TEXT_ACCOUNT, line, server, held.account);
  core.setText(abi.TEXT_PASSWORD, line, server, held.password);
}

function tellPlace(core: Core, rank: number, { address, local }: Place): void {
  core.setText(abi.TEXT_ADDRESS, 0, rank, address);
  core.setText(abi.TEXT_LOCAL, 0, rank, local);
}

/** The word of a configuration as the number of the core. */
function transportNumber(word: string): number {
  const row = paramNamed("transport");
  return (row?.kind === "choice" && row.choices[word]) || abi.TRANSPORT_UDP;
}
