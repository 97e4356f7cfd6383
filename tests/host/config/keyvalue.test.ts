// The phone's own form, with the three vocabularies that provisioning files use.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultSettings } from "../../../host/params/table.ts";
import { ACCOUNTS, ADDRESSING, CONFIG, REFUSED, REST } from "./keyvalue-rows.ts";
import { accepted, complaints, reading } from "./readings.ts";

test("a file of the phone is read, whatever ends its lines and with a byte order mark", () => {
  const [unix, windows, marked] = [CONFIG, CONFIG.replaceAll("\n", "\r\n"), `\ufeff${CONFIG}\n`].map((text) =>
    reading(text, "phone.cfg"),
  );
  assert.deepEqual(windows, unix);
  assert.deepEqual(marked, unix);
  const config = accepted(unix!);
  assert.deepEqual(config.settings, {
    ...defaultSettings(),
    registerRefreshInterval: 120,
    primaryDetectInterval: 90,
    maxDetectFailCount: 1,
    preferPrimary: true,
    registerTimeout: 0,
  });
  assert.deepEqual(config.local, { random: false, port: 5080, min: 50000, max: 60000 });
  assert.deepEqual(config.acceptList, ["192.0.2.8", "192.0.2.9"]);
  assert.deepEqual(config.servers, [
    { name: "primary", host: "192.0.2.10", port: 5060, transport: "udp", domain: "192.0.2.10" },
    { name: "backup1", host: "192.0.2.11", port: 5070, transport: "udp", domain: "192.0.2.11" },
  ]);
  const credentials = { account: "6000", password: 'a "quoted" # secret' };
  assert.deepEqual(config.lines, [
    { number: "6000", display: "Reception", credentials: [credentials, credentials] },
  ]);
});

test("what the product does not act on is named once, with its line and why", () => {
  const it = reading(CONFIG, "phone.cfg");
  assert.deepEqual(it.kind === "accepted" && it.ignored, [
    { key: "DTMF Mode", where: "phone.cfg:15", why: "belongs to the media of calls" },
  ]);
});

for (const [text, name, value] of [
  ["account.1.sip_server.1.expires = 600", "registerRefreshInterval", 600],
  ["P32 = 60", "registerRefreshInterval", 3600],
  ["P2397 = 1", "sipOptions", true],
  ["P2398 = 30", "sipOptionsInterval", 30],
  ["P2359 = 1", "initialAuth", true],
  ["P26002 = 1800", "rejectRetry", 1800],
  ["sip.reg_surge_prevention = 60", "startSpread", 60],
  ["account.1.reg_failed_retry_min_time = 60", "retryBase", 60],
  ["account.1.reg_failed_retry_max_time = 900", "retryMax", 900],
  ["sip.timer_t1 = 0.25", "t1", 250],
  ["sip.timer_t2 = 2", "t2", 2000],
  ["account.2.nat.rport = 0", "rport", false],
  ["DETECT_ANSWER = 2XX", "detectAnswer", "2xx"],
  ["detectAnswer = 1", "detectAnswer", "2xx"],
  ["Prefer Primary SIP Server: = Enable", "preferPrimary", true],
  ["preferPrimary = no", "preferPrimary", false],
  ["registerTimeout =", "registerTimeout", 2000],
] as const) {
  test(`${text} means ${name} = ${value}`, () => {
    assert.equal(accepted(reading(`${text}\n${REST}`, "a.cfg")).settings[name], value);
  });
}

test("accounts of another maker become lines, and its two proxies the set", () => {
  const config = accepted(reading(ACCOUNTS, "y.cfg"));
  assert.deepEqual(
    config.servers.map(({ host, port, domain }) => [host, port, domain]),
    [
      ["192.0.2.1", 5060, "example.com"],
      ["192.0.2.2", 5070, "example.com"],
    ],
  );
  assert.deepEqual(
    config.lines.map(({ number, display, credentials }) => [number, display, credentials[1]]),
    [
      ["6000", "", { account: "auth0", password: "p0" }],
      ["6001", "Away", { account: "6001", password: "p1" }],
    ],
  );
});

test("servers and credentials may be spelled out as in TOML", () => {
  const text = `servers.primary.host = a
servers.backup1.host = b
servers.backup1.domain = b.example
lines.1.phoneNumber = 6000
lines.1.password = p
lines.1.credentials.backup1.password = q
`;
  const config = accepted(reading(text, "a.cfg"));
  assert.deepEqual(
    config.servers.map(({ domain }) => domain),
    ["a", "b.example"],
  );
  assert.deepEqual(
    config.lines[0]?.credentials.map((held) => held?.password),
    ["p", "q"],
  );
});

for (const [text, message] of REFUSED) {
  test(`refused: ${message}`, () => {
    assert.deepEqual(complaints(reading(`${text}\n${REST}`, "a.cfg")), [message]);
  });
}

test("a password is in no message", () => {
  const secret = "s".repeat(50);
  assert.deepEqual(
    complaints(reading(`outboundServer = a\nphoneNumber = 6000\npassword = ${secret}\n`, "a.cfg")),
    ["a.cfg:3: password = *** is 50 bytes long, allowed up to 49 bytes; shorten it"],
  );
  accepted(reading(`outboundServer = a\nphoneNumber = 6000\npassword = ${secret.slice(1)}\n`, "a.cfg"));
});

// Domain = proxy; proxy empty: the host addressed; outbound empty: the proxy is the primary.
for (const [text, servers] of ADDRESSING) {
  test(`addressing: ${text.replaceAll("\n", ", ")}`, () => {
    const config = accepted(reading(`${text}\nphoneNumber = 6000\npassword = p\n`, "a.cfg"));
    assert.deepEqual(
      config.servers.map(({ host, port, domain }) => `${host}:${port} ${domain}`),
      servers,
    );
  });
}

for (const [text, message] of [
  ["", "a.cfg: there is no server; set outboundServer or proxyServer, or list servers"],
  [
    "backupOutboundServer = b",
    "a.cfg:1: backupOutboundServer without a primary server; set outboundServer or proxyServer, or list servers",
  ],
] as const) {
  test(`addressing is refused: ${text || "nothing"}`, () => {
    assert.deepEqual(complaints(reading(`${text}\nphoneNumber = 6000\npassword = p\n`, "a.cfg")), [message]);
  });
}

/** A value in double quotes, as a program that writes such files would put it. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

test("any password survives its quotes, with a comment behind it or without", () => {
  const character = fc.oneof(
    fc.constantFrom(..."\"'\\#; =[]"),
    fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
    fc.constantFrom("ü", "话", "😀"),
  );
  const password = fc.array(character, { minLength: 1, maxLength: 12 }).map((letters) => letters.join(""));
  fc.assert(
    fc.property(
      password,
      fc.constantFrom("", "  ", " # x", ";y"),
      fc.constantFrom("\n", "\r\n", "\r"),
      (text, tail, end) => {
        const lines = ["outboundServer = a", "phoneNumber = 6000", `password = ${quoted(text)}${tail}`, ""];
        const config = accepted(reading(lines.join(end), "a.cfg"));
        assert.equal(config.lines[0]?.credentials[0]?.password, text);
      },
    ),
  );
});

test("no line, however broken, is taken for another: every text is accepted or refused with lines", () => {
  const word = fc.constantFrom(
    "t1",
    "password",
    "=",
    " ",
    '"',
    "'",
    "\\",
    "#",
    "500",
    "lines.1.",
    "account.2.",
    "\n",
    "\ufeff",
    "[",
    "P32",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const it = reading(`${words.join("")}\n${REST}`, "a.cfg");
      for (const line of complaints(it)) assert.match(line, /^a\.cfg(:\d+)?: .+; .+$/s);
    }),
  );
});
