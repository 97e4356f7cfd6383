// A pair that works, written into a folder: two configurations, certificates, passwords, example objects and licences.
//
// Below: ../certificates.ts, store.ts. Above: host/cli/pair-init.ts, the demonstration, tests.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { makeObject } from "../../pbx/directory/object.ts";
import { Authority } from "../certificates.ts";
import { monotonicMs } from "../clock.ts";
import { HostError } from "../error.ts";
import { openStore } from "./store.ts";

/** Where one node listens; 0: no SIP that way. */
export interface NodePlace {
  readonly address: string;
  readonly udp: number;
  readonly tcp: number;
  readonly tls: number;
  readonly replication: number;
  readonly http: number;
}

export interface PairPlan {
  /** Made when it is not there; no file in it is written over. */
  readonly folder: string;
  readonly realm: string;
  readonly master: NodePlace;
  readonly standby: NodePlace;
  /** Numbers of the example objects. */
  readonly users: readonly string[];
  readonly licences: { readonly registrations: number; readonly standby: number };
  /** More lines of both configurations, such as `takeoverDelay = 5`. */
  readonly general?: readonly string[];
}

export interface WrittenPair {
  /** Configurations. */
  readonly master: string;
  readonly standby: string;
  /** File with the password of every example object. */
  readonly phonePasswordFile: string;
  readonly authorityFile: string;
}

/** Modes of files: for this user alone, for everybody to read. */
const [SECRET, PUBLIC] = [0o600, 0o600 | 0o044];

/** A certificate of a pair that nobody renews stops it: ten years, as long as such a device lives. */
const DAYS = 3650;

/** @throws HostError "exists": the folder has a pair already */
export async function writePair(plan: PairPlan): Promise<WrittenPair> {
  const { folder } = plan;
  const place = (name: string): string => join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(place("master.toml")) || existsSync(place("standby.toml")))
    throw new HostError("exists", `${folder} has a pair already; name another folder, or remove that one`);
  const write = (name: string, text: string, mode = SECRET): void =>
    writeFileSync(place(name), text, { mode, flag: "wx" });
  const authority = await Authority.create(`Standfast pair ${plan.realm}`);
  write("authority.pem", authority.certificate, PUBLIC);
  for (const mode of ["master", "standby"] as const) {
    const { address } = plan[mode];
    const issued = await authority.issue({
      subject: `pbx-${mode}`,
      names: [{ type: "ip", value: address }],
      days: [-1, DAYS],
    });
    write(`${mode}.pem`, issued.certificate, PUBLIC);
    write(`${mode}.key`, issued.key);
    write(`${mode}.toml`, configurationOf(mode, plan));
  }
  write("pbx-password", `${randomBytes(18).toString("base64url")}\n`);
  const phonePassword = randomBytes(12).toString("base64url");
  write("phone-password", `${phonePassword}\n`);
  await fill(plan, place("master-data"), phonePassword);
  return {
    master: place("master.toml"),
    standby: place("standby.toml"),
    phonePasswordFile: place("phone-password"),
    authorityFile: place("authority.pem"),
  };
}

async function fill({ realm, users, licences }: PairPlan, folder: string, password: string): Promise<void> {
  const store = await openStore({ folder, now: monotonicMs });
  try {
    store.directory.edit([
      { kind: "licences", licences },
      ...users.map((user) => ({ kind: "put" as const, object: makeObject({ user, password }, realm) })),
    ]);
  } finally {
    store.close();
  }
}

function configurationOf(mode: "master" | "standby", plan: PairPlan): string {
  const own = plan[mode];
  const { master } = plan;
  return [
    `# The ${mode} of a standby pair. Every key: docs/pair.md`,
    `mode = "${mode}"`,
    `name = "pbx-${mode}"`,
    `address = "${own.address}"`,
    ...portLines("", own),
    `httpPort = ${own.http}`,
    ...(mode === "master"
      ? []
      : [
          "",
          "# Where the master is: an address, never a name.",
          `master = "${master.address}"`,
          ...portLines("master", master),
        ]),
    "",
    "# What belongs to this node. Paths are relative to this file.",
    `dataFolder = "${mode}-data"`,
    `certificateFile = "${mode}.pem"`,
    `keyFile = "${mode}.key"`,
    "",
    "# The same at both nodes.",
    'authorityFile = "authority.pem"',
    'pbxPasswordFile = "pbx-password"',
    `realm = "${plan.realm}"`,
    ...(plan.general ?? []),
    "",
  ].join("\n");
}

function portLines(prefix: "" | "master", { udp, tcp, tls, replication }: NodePlace): readonly string[] {
  const named = { Udp: udp, Tcp: tcp, Tls: tls, Replication: replication };
  return Object.entries(named).map(([name, port]) => {
    const key = `${prefix}${name}Port`;
    return `${key.charAt(0).toLowerCase()}${key.slice(1)} = ${port}`;
  });
}

/** Six ports in a row, as `init` gives them. @throws HostError "address" */
export function placeAt(address: string, first: number): NodePlace {
  if (isIP(address) === 0)
    throw new HostError("address", `${address} is no IP address; a node of a pair is found by its address`);
  return { address, udp: first, tcp: first, tls: first + 1, replication: first + 2, http: first + 3 };
}
