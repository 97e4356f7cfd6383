// What somebody at the terminal may order, as typed lines and as single keys.

/** One order. Without a line it means every line. */
export type Order =
  | {
      readonly kind: "refresh" | "returnNow" | "callBegin" | "callEnd" | "callFailed";
      readonly line?: string;
    }
  | { readonly kind: "moveTo"; readonly server: string; readonly line?: string }
  | { readonly kind: "linkDown" | "linkUp" | "restart" | "stop" | "help" };

export const ORDER_HELP: readonly string[] = [
  "refresh [LINE]               register again now",
  "return [LINE]                back to the best server now: ends holds, pins and damping once",
  "move SERVER [LINE]           go to that server and stay until it fails",
  "call begin|end|failed [LINE] a call began or ended (moves back wait for it), or failed",
  "link down|up                 the network of this machine went or came",
  "restart                      as after a boot: everything learnt is forgotten",
  "stop                         remove the bindings and end; Ctrl-C does the same",
  "help                         this list",
];

const CALLS = { begin: "callBegin", end: "callEnd", failed: "callFailed" } as const;
const LINKS = { down: "linkDown", up: "linkUp" } as const;

/**
 * Reads a typed line.
 * @returns the order; undefined for an empty line; a text that says what is wrong
 */
export function readOrder(typed: string): Order | string | undefined {
  const words = typed.trim().split(/\s+/);
  const [verb = "", first, second] = words;
  if (verb === "") return undefined;
  const most = { refresh: 2, return: 2, move: 3, call: 3, link: 2 }[verb] ?? 1;
  if (words.length > most) return `"${typed.trim()}": too many words; "help" lists the orders`;
  switch (verb) {
    case "refresh":
      return withLine({ kind: "refresh" }, first);
    case "return":
      return withLine({ kind: "returnNow" }, first);
    case "move":
      return first === undefined
        ? "move where? move SERVER [LINE]"
        : withLine({ kind: "moveTo", server: first }, second);
    case "call":
      if (!isKey(CALLS, first)) return "call what? call begin|end|failed [LINE]";
      return withLine({ kind: CALLS[first] }, second);
    case "link":
      return isKey(LINKS, first) ? { kind: LINKS[first] } : "link what? link down|up";
    case "restart":
    case "stop":
    case "help":
      return { kind: verb };
    default:
      return `no order "${verb}"; "help" lists them`;
  }
}

/** What each key of a terminal orders, for the line that is chosen with Tab where a line may be named. */
export const KEYS: ReadonlyMap<string, { readonly typed: string; readonly perLine: boolean }> = new Map([
  ["f", { typed: "refresh", perLine: true }],
  ["b", { typed: "return", perLine: true }],
  ["1", { typed: "move primary", perLine: true }],
  ["2", { typed: "move backup1", perLine: true }],
  ["3", { typed: "move backup2", perLine: true }],
  ["4", { typed: "move backup3", perLine: true }],
  ["c", { typed: "call begin", perLine: true }],
  ["e", { typed: "call end", perLine: true }],
  ["x", { typed: "call failed", perLine: true }],
  ["d", { typed: "link down", perLine: false }],
  ["u", { typed: "link up", perLine: false }],
  ["q", { typed: "stop", perLine: false }],
]);

/** The keys in one line. */
export const KEY_HELP = "f refresh  b back now  1-4 move  c e x call begins, ends, failed  d u link  q stop";

function withLine(order: Order, line: string | undefined): Order {
  return line === undefined ? order : ({ ...order, line } as Order);
}

function isKey<T extends object>(table: T, word: string | undefined): word is keyof T & string {
  return word !== undefined && Object.hasOwn(table, word);
}
