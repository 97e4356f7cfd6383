// Words that may not stand somewhere: SIP in what carries it, and what does not belong into the project at all.

import {
  type Code,
  type Finding,
  isCode,
  lineOf,
  type Mention,
  readCode,
  type SourceFile,
} from "./source.ts";

/** What only moves datagrams, and must not know what is in them. */
const CARRIES = /^host\/(node|web|core|firmware)\//;
const METHODS =
  "REGISTER INVITE OPTIONS ACK BYE CANCEL SUBSCRIBE NOTIFY PUBLISH MESSAGE REFER INFO UPDATE PRACK".split(
    " ",
  );
const HEADERS = (
  "Via CSeq Call-ID Contact Expires From To Route Record-Route Allow Supported Require Path User-Agent Server Authorization " +
  "Proxy-Authorization WWW-Authenticate Proxy-Authenticate Authentication-Info Retry-After Min-Expires Max-Forwards Content-Length"
).split(" ");
/** Those that cannot be taken for a length or a time. */
const STATUSES = "302 305 401 403 404 407 408 420 421 423 439 480 481 486 487 503 504 603".split(" ");

export function sipInCarrier(file: SourceFile): Finding[] {
  if (!CARRIES.test(file.path) || !(isCode(file) || isC(file))) return [];
  const { strings, numbers } = isC(file) ? readC(file) : readCode(file);
  const found = [
    ...strings.filter(({ text }) => isSip(text)),
    ...numbers.filter(({ text }) => STATUSES.includes(text)),
  ];
  return found.map(
    ({ line, text }) =>
      `${file.path}:${line} says ${JSON.stringify(text)}: it carries bytes and must not know SIP, the core and host/sip/ do`,
  );
}

function isC({ path }: SourceFile): boolean {
  return /\.[ch]$/.test(path);
}

/** Strings and whole numbers of a source in C; what stands in a comment is none. */
function readC({ text }: SourceFile): Pick<Code, "strings" | "numbers"> {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "));
  const all = [...bare.matchAll(/"((?:[^"\\\n]|\\.)*)"|(?<![\w.])(\d+)u?(?![\w.])/g)];
  const mentions = (part: 1 | 2): Mention[] =>
    all.flatMap((found) => {
      const said = found[part];
      return said === undefined ? [] : [{ line: lineOf(bare, found.index), text: said }];
    });
  return { strings: mentions(1), numbers: mentions(2) };
}

function isSip(text: string): boolean {
  const words = text.split(/[^A-Za-z-]+/);
  if (/SIP\/2\.0|z9hG4bK/.test(text) || METHODS.some((method) => words.includes(method))) return true;
  if (STATUSES.includes(text)) return true;
  return HEADERS.some((name) => text === name || text.startsWith(`${name}:`) || text.includes(`\n${name}:`));
}

/** Written in two halves, so that this file does not hold them. */
const WORDS: readonly [RegExp, string][] = [
  [new RegExp(`\\b(TO${"DO"}|FIX${"ME"}|XX${"X"}|HA${"CK"})\\b`), "finish it, or describe it in DESIGN.md"],
  [new RegExp(`(^|[^\\w.])/(wo${"rk"}|fa${"rm"})/`), "a path of one machine: use one of the repository"],
  [new RegExp(`\\.\\./sha${"red"}\\b`), "nothing outside the repository"],
  [
    new RegExp(`registry\\.(npm${"js"}|yarn${"pkg"})\\.\\w+|verda${"ccio"}|arti${"factory"}`),
    "no registry by name: .npmrc of the user says which",
  ],
  [new RegExp(`\\b(test|it|describe)\\.(on${"ly"})\\(`), "run one test with --name instead"],
];

export function foreignWords({ path, text }: SourceFile): Finding[] {
  return text.split("\n").flatMap((line, index) =>
    WORDS.flatMap(([word, remedy]) => {
      const found = word.exec(line)?.[0];
      return found === undefined
        ? []
        : [`${path}:${index + 1} has ${JSON.stringify(found.trim())}: ${remedy}`];
    }),
  );
}

/** The lock file names packages and hashes, never where they came from. */
export function lockedHosts(lock: SourceFile): Finding[] {
  return [...lock.text.matchAll(/"resolved": "(\w+:[^"]*)"/g)]
    .filter(([, from = ""]) => !from.startsWith("file:"))
    .map(
      ({ index, 1: from }) =>
        `${lock.path}:${lineOf(lock.text, index)} resolves ${from}: keep omit-lockfile-registry-resolved of .npmrc`,
    );
}
