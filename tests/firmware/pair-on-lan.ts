// Two embedded registrars, each with an address of its own on a LAN, and the command line of a phone that uses them.
//
// Below: host/lan, host/pbx. Above: tests of images.

import { Lan } from "../../host/lan/lan.ts";
import { Station } from "../../host/lan/station.ts";
import { LanSocket } from "../../host/node/lan-socket.ts";
import { coreNumber } from "../../host/params/row.ts";
import { paramOf } from "../../host/params/table.ts";
import { PbxServer } from "../../host/pbx/server.ts";
import { Network } from "../../host/sim/network.ts";
import { Random } from "../../host/sim/random.ts";
import type { Outcome } from "../../host/tools/child.ts";

export type ServerName = "primary" | "backup1";

const PHONE = { address: "192.0.2.100", port: 5060 };
const ADDRESSES = { primary: "192.0.2.10", backup1: "192.0.2.11" } as const;
const PASSWORD = "correct-horse";
const DOMAIN = "test.invalid";

type Params = Readonly<Record<string, number | boolean | string>>;

const PARAMS: Params = {
  primaryDetectInterval: 5,
  detectRetryInterval: 1,
  preferPrimary: true,
  backToPrimaryDelay: 0,
  detectPhase: "fixed",
};

/**
 * For a network that loses nothing. Long enough for an emulated chip that shares a busy machine: a phone that gave its
 * primary up while it boots would begin at the backup, and the story is another one then.
 */
export const UNHURRIED: Params = { maxDetectFailCount: 1, optionsTimeout: 4_000, registerTimeout: 8_000 };

/** Nothing that one frame in ten can upset: six tries in 16 s register, four in 4 s are a heartbeat, and it takes two. */
export const PATIENT: Params = { maxDetectFailCount: 2, optionsTimeout: 4_000, registerTimeout: 16_000 };

export interface Weather {
  /** Of the frames, each way. */
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  /** Of both. Repeats them as far as two machines with clocks of their own can be repeated. */
  readonly seed: number;
  /** What the phone makes of it. */
  readonly params: Params;
}

export interface PairOnLan {
  /** What QEMU is told, for a chip. */
  nic(model: string): string;
  /** Of the command line of the phone. */
  readonly words: readonly string[];
  /** Takes a server off the LAN, and with it all that it knows of bindings and nonces. */
  unplug(name: ServerName): void;
  plug(name: ServerName): void;
  /** Closes the port of a server, or opens it again. */
  refuse(name: ServerName, isRefusing: boolean): void;
  /** The lines that are bound at a server now. */
  boundAt(name: ServerName): readonly string[];
  /** Waits until a server has that line; @throws Error when the image ends before */
  untilBound(name: ServerName, user: string, ended: Promise<Outcome>): Promise<void>;
  close(): void;
}

export async function openPairOnLan(users: readonly string[], weather: Weather): Promise<PairOnLan> {
  const waiters = new Set<() => void>();
  const servers = { primary: registrarFor("primary", users), backup1: registrarFor("backup1", users) };
  const now = () => performance.now();
  const boundAt = (name: ServerName) => servers[name].table.users(now());
  const stationOf = (name: ServerName, index: number) =>
    new Station({
      name,
      address: ADDRESSES[name],
      hardware: `025f0000000${index}`,
      port: 5060,
      service: {
        handle: (bytes, from, at) => {
          const outcome = servers[name].handle(bytes, from, at);
          for (const look of waiters) look();
          return outcome;
        },
      },
    });
  const stations = { primary: stationOf("primary", 1), backup1: stationOf("backup1", 2) };
  const lan = new Lan(Object.values(stations), networkOf(weather));
  const socket = await LanSocket.open({ lan, now });
  return {
    nic: (model) => socket.nic(model),
    words: wordsFor(users, { ...PARAMS, ...weather.params }),
    unplug: (name) => {
      stations[name].isPlugged = false;
      servers[name].apply({ kind: "restarts" });
    },
    plug: (name) => {
      stations[name].isPlugged = true;
    },
    refuse: (name, isRefusing) => servers[name].apply({ kind: isRefusing ? "refuses" : "back" }),
    boundAt,
    untilBound: (name, user, ended) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!boundAt(name).includes(user)) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
        ended.then(({ code, output }) => {
          const when = `the image ended with code ${code} before ${user} was bound at ${name}`;
          reject(new Error(`${when}; seed ${weather.seed}\n${output}`));
        });
      }),
    close: () => socket.close(),
  };
}

function registrarFor(name: ServerName, users: readonly string[]): PbxServer {
  const accounts = users.map((user) => ({
    user,
    account: user,
    secret: { kind: "password", password: PASSWORD } as const,
  }));
  const neighbours = { contactOf: () => undefined, tableOf: () => undefined };
  return new PbxServer({ realm: DOMAIN, key: name, accounts }, neighbours);
}

function networkOf({ lossPercent, duplicatePercent, seed }: Weather): Network {
  const network = new Network(Object.keys(ADDRESSES), new Random(seed), () => PHONE);
  network.apply({ kind: "loss", percent: lossPercent });
  network.apply({ kind: "duplicate", percent: duplicatePercent });
  return network;
}

/** As host/firmware/port/cortex-m/phone/settings.h has them. */
function wordsFor(users: readonly string[], settings: Params): string[] {
  const params = Object.entries(settings).map(([name, value]) => {
    const row = paramOf(name);
    return `${row.id}=${coreNumber(row, value)}`;
  });
  return [
    `local=${PHONE.address}:${PHONE.port}`,
    "instance=0badcafe",
    `domain=${DOMAIN}`,
    ...Object.values(ADDRESSES).map((address) => `server=${address}:5060`),
    ...users.flatMap((user) => [`user=${user}`, `password=${PASSWORD}`]),
    ...params,
  ];
}
