// @ts-check
// A live board of terminals, addresses and calls, through outages and moves. docs/service-events.md explains what it shows.
//
//     node docs/examples/board.mjs reception=phone1.toml office=phone2.toml
//
// Each argument is a terminal and the configuration of its phone. While it runs it takes lines:
//
//     call c1 reception 6000      a call begins there
//     state c1 connected          dialing, ringing, connected, held
//     end c1
//     cut primary                 no packet to that server and none from it, in this program only
//     heal primary
//
// On a terminal the board is painted anew at each change; otherwise every board is printed, which is what its test reads.

import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Phone } from "standfast";
import { ServiceEvents } from "standfast/session";

const service = new ServiceEvents();
/** @type {Phone[]} */
const phones = [];
/** What happened last, newest at the end. */
/** @type {string[]} */
const happened = [];
const SHOWN = 8;

service.on("event", ({ at, type, terminal, address, call, cause }) => {
  const what = [type, terminal, address, call].filter((word) => word !== undefined).join(" ");
  happened.push(`${new Date(at).toISOString().slice(11, 23)} ${what} (${cause})`);
  paint();
});

/** @param {string} argument `TERMINAL=FILE` */
async function add(argument) {
  const [terminal = "", file = ""] = argument.split("=");
  const phone = new Phone(file);
  phone.on("notice", (text) => console.error(`${terminal}: ${text}`));
  service.watch(terminal, phone);
  phones.push(phone);
  await phone.start();
}

function paint() {
  const rows = [
    ["terminal", "address", "service", "server", "calls"],
    ...service.seats().map((seat) => [
      seat.terminal,
      seat.address,
      seat.inService ? "in" : `out (${seat.cause})`,
      seat.server ?? "-",
      callsAt(seat.terminal, seat.address) || "-",
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  if (process.stdout.isTTY) process.stdout.write("\x1b[H\x1b[2J");
  console.log([`provider ${service.provider}`, ...table, ...happened.slice(-SHOWN), ""].join("\n"));
}

/**
 * A call in brackets is not observed: its address is out of service, and its state is the last that was seen.
 * @param {string} terminal
 * @param {string} address
 */
function callsAt(terminal, address) {
  const here = service.calls().filter((each) => each.terminal === terminal && each.address === address);
  return here
    .map(({ call, state, isObserved }) => (isObserved ? `${call} ${state}` : `[${call} ${state}]`))
    .join(", ");
}

/** @param {string} line */
function obey(line) {
  const [verb, first = "", second = "", third = ""] = line.trim().split(/\s+/);
  switch (verb) {
    case "call":
      return service.callBegan({ call: first, terminal: second, address: third, state: "ringing" });
    case "state":
      return service.callChanged(first, stateNamed(second));
    case "end":
      return service.callEnded(first);
    case "cut":
      return phones.forEach((phone) => phone.cutOff(first));
    case "heal":
      return phones.forEach((phone) => phone.letThrough(first));
    default:
      throw new Error(`"${verb}" is none of call, state, end, cut, heal`);
  }
}

/** @param {string} word */
function stateNamed(word) {
  if (word === "dialing" || word === "ringing" || word === "connected" || word === "held") return word;
  throw new Error(`"${word}" is none of dialing, ringing, connected, held`);
}

const words = process.argv.slice(2);
if (words.length === 0 || words.some((word) => !word.includes("="))) {
  console.error(`usage: node ${basename(process.argv[1] ?? "")} TERMINAL=FILE ..`);
  process.exit(2);
}
createInterface({ input: process.stdin }).on("line", (line) => {
  try {
    obey(line);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
});
async function end() {
  await Promise.all(phones.map((phone) => phone.stop()));
  service.shutdown();
  process.exit();
}
process.once("SIGINT", end).once("SIGTERM", end);
try {
  for (const word of words) await add(word);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  await end();
}
