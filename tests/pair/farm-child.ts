// Many phones in one process of their own: eight lines each of the shipped library, in any network namespace.
//
// The plan is the first argument, as JSON. Each event is a line of JSON; orders are lines on stdin: `tell`, `stop`.
// Above: farm.ts.

import { createInterface } from "node:readline";
import { fromOptions } from "../../host/config/options.ts";
import { Phone } from "../../host/index.ts";

/** What farm.ts says. */
export interface FarmPlan {
  /** ADDRESS:PORT by rank. */
  readonly servers: readonly string[];
  readonly users: readonly string[];
  readonly password: string;
  readonly domain: string;
  readonly params: readonly string[];
}

/** Lines of one instance of the module as it is shipped. */
const LINES = 8;

const plan = JSON.parse(process.argv[2] ?? "") as FarmPlan;
const phones: Phone[] = [];
for (let at = 0; at < plan.users.length; at += LINES) phones.push(phoneOf(plan.users.slice(at, at + LINES)));
for (const phone of phones) await phone.start();

for await (const order of createInterface({ input: process.stdin })) {
  if (order === "tell") print({ type: "lines", lines: phones.flatMap((phone) => phone.lines()) });
  if (order === "stop") await Promise.all(phones.map((phone) => phone.stop()));
  if (order === "stop") break;
}
process.exit(0);

function phoneOf(users: readonly string[]): Phone {
  const [primary = "", ...backups] = plan.servers;
  const { password, domain, params } = plan;
  const reading = fromOptions({ primary, backups, users, password, domain, params });
  if (reading.kind === "refused") throw new Error(JSON.stringify(reading.errors));
  const phone = new Phone(reading.config);
  phone.on("event", ({ type, line, server }) => print({ type, line, server, at: Date.now() }));
  return phone;
}

function print(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
