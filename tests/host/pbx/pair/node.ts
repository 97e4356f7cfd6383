// A node of a pair in memory, for the tests of this folder.
import assert from "node:assert/strict";
import { Directory, emptySet } from "../../../../host/pbx/directory/directory.ts";
import { makeObject } from "../../../../host/pbx/directory/object.ts";
import { Guesses } from "../../../../host/pbx/guesses.ts";
import { Locations } from "../../../../host/pbx/locations.ts";
import { House } from "../../../../host/pbx/pair/house.ts";
import { type Handled, PairServer, type Way } from "../../../../host/pbx/pair/server.ts";
import { type PairSettings, readPairSettings } from "../../../../host/pbx/pair/settings.ts";
import { StandbyRole } from "../../../../host/pbx/standby/role.ts";
import { type Ask, authorization, PHONE, read, request, type Said } from "../phone.ts";

export const REALM = "pbx.example";
/** What a standby says of itself. */
export const STANDBY: Ask = {
  user: "_STANDBY_",
  display: '"pbx-standby" ',
  contacts: ["<sip:_STANDBY_@192.0.2.3:4000;transport=tls>"],
  more: ["User-Agent: standfast-pbx/1.0.0 (0123456789abcdef)"],
};
const NOBODY = { append: () => {}, replace: () => {} };

function settingsOf(mode: "master" | "standby", more: string): PairSettings {
  const text = `
    mode = "${mode}"
    name = "pbx-${mode}"
    address = "192.0.2.2"
    realm = "${REALM}"
    ${mode === "standby" ? 'master = "192.0.2.1"' : ""}
    dataFolder = "data"
    pbxPasswordFile = "secret"
    certificateFile = "a.pem"
    keyFile = "a.key"
    authorityFile = "ca.pem"
    ${more}`;
  const reading = readPairSettings(new TextEncoder().encode(text), "node.toml");
  assert.ok(reading.kind === "settings", JSON.stringify(reading));
  return reading.settings;
}

/** A node that knows 6000 and 6001; a standby is registered at its master. */
export class Node {
  /** ms. */
  now = 1000;
  readonly locations = new Locations();
  readonly guesses = new Guesses();
  readonly server: PairServer;

  constructor(mode: "master" | "standby", more = "") {
    const settings = settingsOf(mode, more);
    const objects = ["6000", "6001"].map((user) => makeObject({ user, password: "secret" }, REALM));
    const licences = { registrations: 10, standby: 10 };
    const directory = new Directory(NOBODY, { ...emptySet("0".repeat(64)), objects, licences });
    const { locations } = this;
    const house = new House({ settings, pbxPassword: "shared", directory, locations });
    const role = mode === "standby" ? new StandbyRole(settings, 0) : undefined;
    role?.feed({ kind: "registered" }, 0);
    this.server = new PairServer({ settings, house, locations, role, key: "key", guesses: this.guesses });
  }

  handle(bytes: Uint8Array, way: Way = "udp", from = PHONE): Handled {
    return this.server.handle(bytes, from, way, this.now);
  }

  ask(ask: Ask, way: Way = "udp", from = PHONE): Said {
    const handled = this.handle(request(ask), way, from);
    assert.ok(handled.kind === "answered", "it was passed on");
    return read(handled.replies[0]?.bytes);
  }

  /** Asks, and asks again with the proof that is wanted. */
  prove(ask: Ask, account: string, password: string, way: Way = "udp", from = PHONE): Said {
    const asked = this.ask({ ...ask, cseq: 1 }, way, from);
    if (asked.status !== 401) return asked;
    const line = answerTo(asked, account, password);
    return this.ask({ ...ask, cseq: 2, more: [...(ask.more ?? []), line] }, way, from);
  }

  /** What a standby does for a phone once it returns. */
  handBack(user: string, contact: string, callId: string): Said {
    const ask = { ...STANDBY, user, callId: `handed-back-${callId}`, contacts: [`${contact};expires=100`] };
    return this.prove(ask, "_STANDBY_", "shared", "tls");
  }

  bound(user: string): readonly string[] {
    return this.locations.of(user, this.now).map(({ contact }) => contact);
  }
}

/** The Authorization line that answers a 401. */
export function answerTo(asked: Said, account: string, password: string): string {
  return authorization(asked.header("WWW-Authenticate")[0] ?? "", {
    account,
    password,
    algorithm: "SHA-256",
  });
}
