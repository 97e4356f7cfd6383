// A master and a standby in virtual time, with phones on both sides of the cut between them.
//
// Three worlds of host/sim in step: the standby's own line at its master, whose word about itself feeds the role; phones
// that always reach both nodes; and phones that the cut leaves with the standby alone. What the role says about clients
// becomes what the standby answers.

import assert from "node:assert/strict";
import type { PhoneEvent } from "../../../../host/core/events.ts";
import { causeOf } from "../../../../host/pbx/pair/cause.ts";
import type { PbxServer } from "../../../../host/pbx/server.ts";
import { type Conduct, conductFor } from "../../../../host/pbx/standby/conduct.ts";
import {
  type RoleEvent,
  type RoleInput,
  type RoleSettings,
  StandbyRole,
} from "../../../../host/pbx/standby/role.ts";
import type { World } from "../../../../host/sim/world.ts";
import { type Setting, world } from "../../../sim/fixture.ts";

/** The role looks at its line this often, ms; a node that is woken by events has no such grid. */
const STEP_MS = 50;
const LINES = ["6000", "6001", "6002", "6003"];

export type Side = "both" | "standbyOnly";

export class Nodes {
  readonly role: StandbyRole;
  readonly events: RoleEvent[] = [];
  readonly phones: Readonly<Record<Side, World>>;
  readonly #link: World;
  #heard = 0;
  #now = 0;

  /**
   * @param cuts from when till when nothing passes between the nodes, s
   * @param phone parameters of the phones
   */
  constructor(settings: RoleSettings, cuts: readonly (readonly [number, number])[], phone: Setting) {
    this.role = new StandbyRole(settings, 0);
    const cut = cuts.flatMap(([from, to]) => [
      `${from} network cut both server=primary`,
      `${to} network cut none server=primary`,
    ]);
    const link = { registerRefreshInterval: 60, primaryDetectInterval: 5 };
    this.#link = world({ servers: 1, lines: 1, params: link, scenario: cut, seed: 1 });
    const lines = { servers: 2, lines: LINES.length, params: phone };
    this.phones = {
      both: world({ ...lines, seed: 2 }),
      standbyOnly: world({ ...lines, scenario: cut, seed: 3 }),
    };
  }

  runTo(untilMs: number): this {
    for (; this.#now <= untilMs; this.#now += STEP_MS) {
      this.#link.runTo(this.#now);
      this.#hear();
      for (const side of Object.values(this.phones)) {
        answerAs(standbyOf(side), conductFor(this.role, "REGISTER", "redirect", this.#now));
        side.runTo(this.#now);
      }
    }
    return this;
  }

  /** The lines that are bound at a node, of both sides: `both 6000`. */
  boundAt(node: "master" | "standby"): readonly string[] {
    const server = node === "master" ? "primary" : "backup1";
    return Object.entries(this.phones).flatMap(([side, phones]) =>
      LINES.filter((line) => phones.servers.get(server)?.table.of(line, this.#now).length !== 0).map(
        (line) => `${side} ${line}`,
      ),
    );
  }

  #hear(): void {
    const heard = this.#link.events.slice(this.#heard);
    this.#heard += heard.length;
    const inputs = heard.map(inputOf).filter((input) => input !== undefined);
    for (const input of [...inputs, { kind: "tick" } as const]) {
      const said = this.role.feed(input, this.#now);
      this.events.push(...said);
      if (said.some(({ kind }) => kind === "handBack")) this.#handBack();
    }
  }

  #handBack(): void {
    for (const side of Object.values(this.phones)) {
      for (const line of LINES) standbyOf(side).registrar.remove(line, "deactivated", this.#now);
    }
  }
}

function inputOf({ type, reason }: PhoneEvent): RoleInput | undefined {
  if (type === "inService") return { kind: "registered" };
  return type === "outOfService" ? { kind: "lost", cause: causeOf(reason, "").text } : undefined;
}

function standbyOf(side: World): PbxServer {
  const server = side.servers.get("backup1");
  assert.ok(server !== undefined);
  return server;
}

/** REGISTER and OPTIONS are answered alike in every role where clients are redirected. */
function answerAs(server: PbxServer, conduct: Conduct): void {
  server.apply({ kind: "back" });
  for (const to of ["REGISTER", "OPTIONS"] as const) {
    if (conduct.kind === "redirect") server.apply({ kind: "answers", to, status: 302, contact: "primary" });
    if (conduct.kind === "wait") {
      server.apply({ kind: "answers", to, status: 503, retryAfterSeconds: conduct.retryAfterSeconds });
    }
  }
}
