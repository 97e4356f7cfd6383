// Every key of the configuration of one node of a pair: what it may be, its default, and to whom it belongs.
//
// `general` keys are one setting of the whole pair, copied by hand to both nodes, and compared when the standby
// registers (`configDiffers`); `node` keys differ rightly. docs/pair.md shows them. Below: host/params. Above: read.ts.

import type { Shape } from "../../params/row.ts";
import { PARAMS } from "../../params/table.ts";
import { DELAYS } from "../standby/settings.ts";

export type KeyRow = Shape & {
  readonly name: string;
  readonly of: "general" | "node";
  /** Without it the node does not start. registrar: not where a Kamailio is the registrar. */
  readonly needed?: "always" | "standby" | "registrar";
  readonly help: string;
};

const PORT = { kind: "number", unit: "", min: 1, max: 65_535 } as const;
const SECONDS = { kind: "number", unit: "s" } as const;
const TEXT = { kind: "text", default: "" } as const;

// biome-ignore format: one key, one or two lines
const OWN: readonly KeyRow[] = [
  { name: "mode", kind: "choice", default: "", choices: { master: 0, standby: 1 }, of: "node", needed: "always",
    help: "master: serves always. standby: serves while the master does not." },
  { name: "name", ...TEXT, empty: "refused", bytes: 47, of: "node", needed: "always",
    help: "what this node is called; no two nodes of a pair have the same" },
  { name: "address", ...TEXT, empty: "refused", of: "node", needed: "always",
    help: "the IP address that it listens on, and that phones and the other node reach" },
  { name: "udpPort", ...PORT, default: 5060, zero: "no SIP over UDP", of: "node", help: "SIP over UDP" },
  { name: "tcpPort", ...PORT, default: 5060, zero: "no SIP over TCP", of: "node", help: "SIP over TCP" },
  { name: "tlsPort", ...PORT, default: 5061, of: "node", help: "SIP over TLS; the standby registers at the master's" },
  { name: "replicationPort", ...PORT, default: 5062, of: "node", help: "where a master hands objects and licences to its standby" },
  { name: "master", ...TEXT, empty: "refused for a standby", of: "node", needed: "standby",
    help: "the IP address of the master; never a name" },
  { name: "masterUdpPort", ...PORT, default: 5060, zero: "no SIP over UDP", of: "node", help: "the master's udpPort" },
  { name: "masterTcpPort", ...PORT, default: 5060, zero: "no SIP over TCP", of: "node", help: "the master's tcpPort" },
  { name: "masterTlsPort", ...PORT, default: 5061, of: "node", help: "the master's tlsPort" },
  { name: "masterReplicationPort", ...PORT, default: 5062, of: "node", help: "the master's replicationPort" },
  { name: "httpAddress", ...TEXT, empty: "127.0.0.1", of: "node", help: "where /status, /health, /ready and /metrics are" },
  { name: "httpPort", ...PORT, default: 8060, zero: "no HTTP", of: "node", help: "their port" },
  { name: "dataFolder", ...TEXT, empty: "refused", of: "node", needed: "registrar",
    help: "objects, licences and registrations of this node; no other process may use it" },
  { name: "pbxPasswordFile", ...TEXT, empty: "refused", of: "node", needed: "always",
    help: "its first line is the PBX password, which both nodes share" },
  { name: "certificateFile", ...TEXT, empty: "refused", of: "node", needed: "registrar",
    help: "what this node shows over TLS, PEM; it names the address" },
  { name: "keyFile", ...TEXT, empty: "refused", of: "node", needed: "registrar", help: "its private key, PEM" },
  { name: "authorityFile", ...TEXT, empty: "refused", of: "node", needed: "always",
    help: "who signed the certificate of the other node, PEM" },
  { name: "objectsMax", kind: "number", unit: "", default: 1000, min: 1, max: 100_000, of: "node",
    help: "objects that this machine can hold" },
  { name: "registrationsMax", kind: "number", unit: "", default: 1000, min: 1, max: 100_000, of: "node",
    help: "registrations that this machine can hold" },
  { name: "platform", kind: "choice", default: "device", choices: { device: 0, virtual: 1 }, of: "node",
    help: "virtual: it serves as many registrations as platformLicence says" },
  { name: "platformLicence", kind: "number", unit: "", default: 0, min: 1, max: 100_000, zero: "none", of: "node",
    help: "registrations this virtual node is licensed for; its own, never replicated" },

  { name: "kamailio", ...TEXT, empty: "this program is the registrar", of: "node",
    help: "where the Kamailio that is the registrar of this standby takes JSON-RPC, as http://127.0.0.1:8090/RPC" },
  { name: "kamailioTable", ...TEXT, empty: "location", of: "node", help: "its location table, as save() names it" },

  { name: "realm", ...TEXT, empty: "refused", form: "host", bytes: 63, of: "general", needed: "always",
    help: "the domain of the addresses of record, and the realm of the digest" },
  { name: "divert", kind: "choice", default: "redirect", choices: { redirect: 0, relay: 1 }, of: "general",
    help: "while the master lives, the standby tells phones where it is, or passes their requests on" },
  { name: "linkInterval", ...SECONDS, default: 5, min: 5, max: 60, of: "general",
    help: "how often the standby asks the master whether it is there" },
  { name: "defaultExpires", ...SECONDS, default: 3600, min: 10, max: 604_800, of: "general",
    help: "lifetime of a registration that asks for none" },
  { name: "minExpires", ...SECONDS, default: 60, min: 1, max: 86_400, zero: "any", of: "general",
    help: "the shortest that is granted; less is answered 423" },
  { name: "maxExpires", ...SECONDS, default: 3600, min: 10, max: 604_800, of: "general", help: "the longest that is granted" },
  { name: "replicateFromMaster", kind: "switch", default: true, of: "general",
    help: "objects and licences come from the master" },
  { name: "replicationTls", kind: "switch", default: true, of: "general", help: "they come over TLS" },
];

/** Returns of a standby are damped by the parameters of the phone. DESIGN.md D14, D34. */
const DAMPING = [
  "flapDamping",
  "flapWindow",
  "flapPenalty",
  "flapSuppress",
  "flapReuse",
  "flapHalfLife",
  "flapMaxSuppress",
];

export const KEYS: readonly KeyRow[] = [
  ...OWN,
  ...DELAYS.map((row): KeyRow => ({ ...row, kind: "number", of: "general" })),
  ...PARAMS.filter(({ name }) => DAMPING.includes(name)).map((row): KeyRow => ({ ...row, of: "general" })),
];
