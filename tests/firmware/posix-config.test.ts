// The port for POSIX reads a configuration as the host does: the same values, the same mistakes in the same words.

import assert from "node:assert/strict";
import { basename, dirname, resolve } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { describeIgnored } from "../../host/config/error.ts";
import type { PhoneConfig } from "../../host/config/model.ts";
import { LINES_MAX } from "../../host/config/model.ts";
import { CORE } from "../../host/params/table.ts";
import { run } from "../../host/tools/child.ts";
import { SANITIZED } from "../../host/tools/firmware/native.ts";
import { buildPosix } from "../../host/tools/firmware/posix.ts";
import { ACCOUNTS, ADDRESSING, CONFIG, REFUSED, REST } from "../host/config/keyvalue-rows.ts";
import { complaints, reading } from "../host/config/readings.ts";
import { fileWith } from "../host/program.ts";

const [PROGRAM = ""] = await buildPosix(undefined, { flags: SANITIZED });

interface Said {
  readonly code: number;
  readonly lines: readonly string[];
}

/** What the program makes of a file a.cfg of that text. */
async function check(text: string): Promise<Said> {
  const path = fileWith("a.cfg", text);
  const words = ["--config", basename(path), "--check"];
  const { code, output } = await run(resolve(PROGRAM), words, { cwd: dirname(path), limitMs: 120_000 });
  return { code, lines: output.split("\n").filter((line) => line !== "") };
}

/** What it has to say: mistakes, or what is ignored and then the values. */
function expected(text: string): Said {
  const it = reading(text, "a.cfg");
  if (it.kind === "refused") return { code: 2, lines: complaints(it).map(withoutPasswordFile) };
  return { code: 0, lines: [...it.ignored.map(describeIgnored), ...shown(it.config)] };
}

/** An option that the port has not. */
function withoutPasswordFile(line: string): string {
  return line.replace(", or give --password-file", "");
}

function shown({ servers, lines, local, settings }: PhoneConfig): string[] {
  const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
  return [
    ...servers.flatMap(({ name, host, port, domain }) => [
      `servers.${name}.host = ${host}`,
      `servers.${name}.port = ${port}`,
      `servers.${name}.domain = ${domain}`,
    ]),
    ...lines.flatMap(({ number, display, credentials }, index) => [
      `lines.${index + 1}.phoneNumber = ${quoted(number)}`,
      `lines.${index + 1}.displayName = ${quoted(display)}`,
      ...credentials.flatMap((held, rank) =>
        held
          ? [`lines.${index + 1}.credentials.${servers[rank]?.name}.account = ${quoted(held.account)}`]
          : [],
      ),
    ]),
    ...(local.random
      ? [`randomPortMin = ${local.min}`, `randomPortMax = ${local.max}`]
      : ["randomPort = off", `localPort = ${local.port}`]),
    ...CORE.flatMap(({ name, default: usual }) => {
      const value = settings[name as keyof typeof settings];
      return value === usual ? [] : [`${name} = ${value === true ? "on" : value === false ? "off" : value}`];
    }),
  ];
}

/** Remarks and mistakes come on two streams, so their order among each other says nothing. */
async function agrees(text: string): Promise<void> {
  const [is, should] = [await check(text), expected(text)];
  assert.equal(is.code, should.code, is.lines.join("\n"));
  const words = (said: Said) => said.lines.filter((line) => !/^a\.cfg:\d+: .+ is ignored: /.test(line));
  assert.deepEqual(words(is), words(should));
  const remarks = (said: Said) => said.lines.filter((line) => !words(said).includes(line));
  if (should.code === 0) assert.deepEqual(remarks(is), remarks(should));
}

const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["a file of the phone", CONFIG],
  ["the same with CRLF and a byte order mark", `\ufeff${CONFIG.replaceAll("\n", "\r\n")}`],
  ["accounts of another maker", `${ACCOUNTS}sip.timer_t1 = 0.25\nP32 = 60\n`],
  ["full-width letters", `ＴＩＭＥＲ＿Ｔ１ = 3\n注册刷新时间（秒） = 120\n${REST}`],
  [
    "a list with a hole",
    `servers.primary.host = a\nservers.backup2.host = b\nphoneNumber = 1\npassword = p\n`,
  ],
  ["both ways to name servers", `servers.primary.host = a\n${REST}`],
  [
    "a server by two names",
    `servers.primary.host = 2001:db8::1\nservers.backup1.host = [2001:DB8:0::1]\nphoneNumber = 1\npassword = p\n`,
  ],
  [
    "a server too many",
    `servers.primary.host = a\nservers.primary.name = backup1\nphoneNumber = 1\npassword = p\n`,
  ],
  ["credentials at a stranger", `${REST}lines.1.credentials.backup1.password = q\n`],
  ["a line twice", `${REST}lines.2.phoneNumber = 6000\n`],
  ["a line without a password", "outboundServer = a\nphoneNumber = 6000\n"],
  ["a line without a number", "outboundServer = a\npassword = p\n"],
  ["no line", "outboundServer = a\n"],
  ["what is above what", `t1 = 3000\nt2 = 2000\nflapReuse = 2500\nrandomPortMax = 2000\n${REST}`],
  ["a user of no address", "outboundServer = a\nphoneNumber = a b\npassword = p\n"],
  ["a host with a port", "outboundServer = a:5060\nphoneNumber = 6000\npassword = p\n"],
  [
    "hosts of every kind",
    "outboundServer = 192.0.2.256\nbackupOutboundServer = a..b\nproxyServer = -a\nphoneNumber = 6000\npassword = p\n",
  ],
  ["a host that looks like a number", "outboundServer = 1.2.3\nphoneNumber = 6000\npassword = p\n"],
  ["a name with a dot behind it", "outboundServer = A_b.example.\nphoneNumber = 6000\npassword = p\n"],
  ["an address with a zone", "outboundServer = fe80::1%eth0\nphoneNumber = 6000\npassword = p\n"],
  [
    "numbers with factors",
    `sip.timer_t1 = 0.1\nP32 = -1\nsip.timer_t2 = 2.0005\nretryBase = 99999999999\n${REST}`,
  ],
];

for (const [name, text] of TEXTS) test(name, () => agrees(text));

test("every text that the host refuses is refused in its words", async () => {
  for (const [text, message] of REFUSED) {
    const said = await check(`${text}\n${REST}`);
    if (!message.includes("P130 (transport)")) assert.deepEqual(said, { code: 2, lines: [message] });
  }
});

test("servers are found where the host finds them", async () => {
  for (const [text] of ADDRESSING) await agrees(`${text}\nphoneNumber = 6000\npassword = p\n`);
});

test("each parameter is taken at both ends of its range, and refused beyond", async () => {
  const ends = CORE.flatMap((row) =>
    row.kind === "number"
      ? [row.min, row.max, row.min - 1, row.max + 1].map((value) => `${row.name} = ${value}`)
      : [],
  );
  for (let from = 0; from < 4; from++)
    await agrees(`${ends.filter((_, index) => index % 4 === from).join("\n")}\n${REST}`);
});

test("no line, however broken, is taken for another", async () => {
  const words = [
    "t1",
    "displayName",
    "=",
    " ",
    '"',
    "'",
    "\\",
    "#",
    ";",
    "500",
    "lines.1.",
    "account.2.",
    "\n",
    "[",
    "P32",
    "on",
  ];
  const text = fc
    .array(fc.constantFrom(...words), { maxLength: 12 })
    .map((some) => `${some.join("")}\n${REST}`);
  await fc.assert(fc.asyncProperty(text, agrees), { numRuns: 300 });
});

test("any text survives its quotes", async () => {
  const character = fc.constantFrom(..."\"'\\#; =[]aZ9~", "ü", "话", "😀");
  const value = fc.array(character, { minLength: 1, maxLength: 12 }).map((letters) => letters.join(""));
  const entry = value.map((text) => `displayName = "${text.replace(/[\\"]/g, "\\$&")}" # x\n${REST}`);
  await fc.assert(fc.asyncProperty(entry, agrees), { numRuns: 100 });
});

/** What the port does not do, and so refuses or says. */
const OWN: readonly (readonly [text: string, code: number, line: RegExp])[] = [
  ["transport = tls", 2, /^a\.cfg:1: transport = tls: this program speaks UDP alone, allowed udp; /],
  ["P130 = tcp", 2, /^a\.cfg:1: P130 = tcp: this program speaks UDP alone, allowed udp; /],
  [
    "proxyDnsType = srv",
    0,
    /^a\.cfg:1: proxyDnsType is ignored: names are asked for addresses only, of the system$/,
  ],
  [
    "registerSubscription = on",
    0,
    /^a\.cfg:1: registerSubscription is ignored: this program does not subscribe$/,
  ],
  [
    "lines.9.phoneNumber = 1",
    2,
    new RegExp(`^a\\.cfg:1: line 9 is one line too many, allowed up to ${LINES_MAX} lines; `),
  ],
  [
    "servers.backup4.host = b",
    2,
    /^a\.cfg:1: backup4 is one server too many, allowed up to 4 servers; leave it out$/,
  ],
];

for (const [text, code, line] of OWN)
  test(`its own: ${text}`, async () => {
    const said = await check(`${text}\n${REST}`);
    assert.equal(said.code, code);
    assert.match(said.lines[0] ?? "", line);
  });

test("a file that cannot be read, is empty, or is no text", async () => {
  const { output } = await run(PROGRAM, ["--config", "/nowhere", "--check"]);
  assert.match(
    output,
    /^\/nowhere: the configuration cannot be read: No such file or directory; check the path/,
  );
  assert.match((await check(" \n\t")).lines[0] ?? "", /^a\.cfg: the file is empty; /);
  assert.match((await check(`${REST}t1 = \u0000`)).lines[0] ?? "", /^a\.cfg:1: the text is not UTF-8; /);
});
