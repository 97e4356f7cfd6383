// One run of the shipped phone against SIPps that answer as a case tells, and a Kamailio behind them; any number side by
// side, with users and ports of their own.
//
// The Kamailio and the capture are shared. Phones start one after the other, for starting is the only thing that costs
// a processor. Below: ../script.ts, ../sipp.ts, ../../real/, wire.ts. Above: ../answers.test.ts.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Capture } from "../../real/capture.ts";
import { HERE } from "../../real/ground.ts";
import { Kamailio } from "../../real/kamailio.ts";
import { type Params, Phone } from "../../real/phone.ts";
import { type Endpoint, endpointText } from "../../real/probe.ts";
import type { SipPacket } from "../../real/sip.ts";
import type { Script } from "../script.ts";
import { Sipp } from "../sipp.ts";
import { compare, exchanges, isLeftBound, isRegister, LATE_SECONDS, text } from "./wire.ts";

export type Case = {
  /** What the servers say; short and unique. */
  readonly says: string;
  /** What the phone does, by the rule. */
  readonly does: string;
  /** The SIPps by rank, or NOBODY; a Kamailio that grants everything comes after them. */
  readonly servers: readonly (Script | typeof NOBODY)[];
  /** No Kamailio after them. */
  readonly alone?: boolean;
  readonly lines?: 1 | 2;
  readonly params?: Params;
  /** Everything the phone sends until `untilSeconds` after its first REGISTER, or later when it is late: wire.ts. */
  readonly wire: readonly string[];
  readonly untilSeconds: number;
};

/** Where no program listens: the kernel refuses. */
export const NOBODY = undefined;

/**
 * No refresh within a run unless a case wants one, and all that would take minutes in seconds. The time-outs are long
 * enough for a server that lives on a busy machine.
 */
export const PARAMS: Params = {
  registerRefreshInterval: 60,
  registerTimeout: 4_000,
  optionsTimeout: 4_000,
  detectPhase: "fixed",
  preferPrimary: true,
  maxDetectFailCount: 1,
  lineCool: 5,
};

const FOLDER = join("build", "answers");
/** From the start of the program to its first REGISTER, on a busy machine. */
const BOOT_MS = 60_000;
const LOOK_EVERY_MS = 200;
/** Each case has two users and as many ports as a set may have servers, their control ports, and a stranger. */
const PORTS = 10;
const FIRST_PORT = 20_000;
const STRANGER = 8;
const FIRST_USER = 6_000;
const KAMAILIO_PORT = 5_060;
const NAMES = ["primary", "backup1", "backup2", "backup3"];

type Rig = {
  readonly index: number;
  readonly endpoints: readonly Endpoint[];
  readonly users: readonly string[];
};

export class Bed {
  readonly #address: string;
  readonly #kamailio: Kamailio;
  readonly #capture: Capture | undefined;
  /** The phone that started last, until its first REGISTER is seen. */
  #starting: Promise<unknown> = Promise.resolve();

  private constructor(address: string, kamailio: Kamailio, capture: Capture | undefined) {
    this.#address = address;
    this.#kamailio = kamailio;
    this.#capture = capture;
  }

  static async open(): Promise<Bed> {
    mkdirSync(FOLDER, { recursive: true });
    // Tests that run at the same time have other numbers; ../bench.ts keeps below 127.200.
    const address = `127.200.${(process.pid >> 8) & 255}.${process.pid & 255}`;
    const capture = await Capture.openAll(address, join(FOLDER, "all.pcap"));
    const kamailio = new Kamailio({ address, port: KAMAILIO_PORT });
    if (capture !== undefined) await kamailio.start();
    return new Bed(address, kamailio, capture);
  }

  /** Without the right to capture there is no witness. */
  get isWitnessed(): boolean {
    return this.#capture !== undefined;
  }

  async close(): Promise<void> {
    await this.#kamailio.remove();
    await this.#capture?.close();
  }

  /** Plays `one`, which no other case has the `index` of, and holds the wire and the table against it. */
  async play(one: Case, index: number): Promise<void> {
    const rig = this.#rig(one, index);
    const places = this.#places(rig);
    const sipps = one.servers.flatMap((script, rank) =>
      script === NOBODY ? [] : new Sipp(this.#endpoint(index, 2 * rank), script, places),
    );
    const phone = this.#phone(one, rig);
    try {
      await Promise.all(sipps.map((sipp) => sipp.start()));
      const startedAt = await this.#started(phone, rig);
      const endsAt = startedAt + 1_000 * one.untilSeconds;
      await sleep(endsAt - Date.now());
      while (this.#compare(one, rig).missing.length > 0 && Date.now() < endsAt + 1_000 * LATE_SECONDS)
        await sleep(LOOK_EVERY_MS);
      await this.#capture?.settle();
      const { missing, tooMany, story } = this.#compare(one, rig);
      const isRight = missing.length + tooMany.length === 0;
      assert.ok(isRight, `missing: ${missing}\ntoo many: ${tooMany}\nall:\n${story}`);
      await this.#judgeTable(one, rig);
      assert.equal(await phone.stop(), 0, "exit code after Ctrl-C");
    } catch (error) {
      process.stderr.write(`--- ${one.says}\n${phone.story()}\n`);
      throw error;
    } finally {
      phone.kill();
      await Promise.all(sipps.map((sipp) => sipp.remove()));
    }
  }

  #rig({ servers, alone, lines = 1 }: Case, index: number): Rig {
    const sipps = servers.map((_, rank) => this.#endpoint(index, 2 * rank));
    const users = Array.from({ length: lines }, (_, line) => `${FIRST_USER + 2 * index + line}`);
    return { index, users, endpoints: alone ? sipps : [...sipps, this.#kamailio.endpoint] };
  }

  /** What scripts may name: the servers, somebody who is none of them, and the user of the second line. */
  #places({ index, endpoints, users }: Rig): Record<string, string> {
    const servers = endpoints.map((endpoint, rank) => [NAMES[rank], endpointText(endpoint)]);
    const stranger = endpointText(this.#endpoint(index, STRANGER));
    return { ...Object.fromEntries(servers), stranger, first: users[0] ?? "", second: users[1] ?? "" };
  }

  #endpoint(index: number, place: number): Endpoint {
    return { address: this.#address, port: FIRST_PORT + PORTS * index + place };
  }

  #phone({ params }: Case, { index, users, endpoints }: Rig): Phone {
    const lines = users.map((user) => ({ user, password: `pw${user}` }));
    return new Phone(
      { params: { ...PARAMS, ...params }, lines, servers: endpoints },
      join(FOLDER, `${index}`),
      HERE,
    );
  }

  /** Starts the phone when it is its turn. @returns when its first REGISTER was on the wire */
  async #started(phone: Phone, rig: Rig): Promise<number> {
    const before = this.#starting;
    const start = async () => {
      await before;
      phone.start();
      const isOurs = (packet: SipPacket) => isRegister(packet) && rig.users.includes(packet.user);
      const first = await this.#capture?.sip.until(isOurs, BOOT_MS, "the first REGISTER");
      return first?.atMs ?? Number.NaN;
    };
    const started = start();
    this.#starting = started.catch(() => {});
    return await started;
  }

  /** The wire so far against the lines of the case. */
  #compare({ wire, untilSeconds }: Case, { users, endpoints }: Rig) {
    const ours = this.#capture?.sip.items.filter(({ user }) => users.includes(user)) ?? [];
    const found = exchanges(ours, {
      serverOf: ({ to }) => NAMES[endpoints.findIndex(({ port }) => port === to.port)] ?? "stranger",
      isSecond: ({ user }) => user === users[1],
    });
    return { ...compare(found, wire, untilSeconds), story: found.map(text).join("\n") };
  }

  /** The Kamailio holds the bindings that the wire promises, and no other. */
  async #judgeTable({ wire }: Case, { users, endpoints }: Rig): Promise<void> {
    const name = NAMES[endpoints.indexOf(this.#kamailio.endpoint)];
    if (name === undefined) return;
    const table = await this.#kamailio.table();
    const bound = users.filter((user) => table.some(({ aor }) => aor === user));
    assert.deepEqual(
      bound,
      users.filter((_, line) => isLeftBound(wire, name, line === 1)),
      `bindings at ${name}`,
    );
  }
}
