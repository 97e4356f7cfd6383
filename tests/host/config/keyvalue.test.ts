// The phone's own form, with the three vocabularies that provisioning files use.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultSettings } from "../../../host/params/table.ts";
import { accepted, complaints, reading } from "./readings.ts";

const REST = "outboundServer = a\nphoneNumber = 6000\npassword = p\n";

const CONFIG = `; optimal settings, as the phone exports them
# two kinds of comment
Display Name = "Reception"
Phone Number = 6000
Account = 6000
Password = 'a "quoted" # secret'
Proxy Server =
Proxy Port = 5060
Outbound Server = 192.0.2.10
Outbound Port = 5060
Backup Outbound Server = 192.0.2.11
Backup Outbound Port = 5070
Transport = UDP
本地SIP端口 = 5080
DTMF模式设置 = RFC2833
DTMF Mode = RFC2833
注册刷新时间(秒) = 120   # seconds
主备服务器心跳周期 = 90
最大检测失败计数 = 1
优选主服务器 = 开启
使用随机SIP端口 = 禁止
NAT保活间隔(10-60秒) = 15
服务器地址 = 192.0.2.8, 192.0.2.9
DBID_SIP_REGISTER_TIMEOUT_TIMER = 0
DBID_SIP_OPTIONS_TIMEOUT_TIMER = 2000
DBID_SIP_BACK_TO_PRISERVER_DELAY_TIME = 43200`;

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
  const text = `account.1.user_name = 6000
account.1.auth_name = auth0
account.1.password = p0
account.1.sip_server.1.address = example.com
account.1.outbound_proxy.1.address = 192.0.2.1
account.1.outbound_proxy.2.address = 192.0.2.2
account.1.outbound_proxy.2.port = 5070
account.1.sip_server.1.transport_type = 0
account.1.enable = 1
account.2.user_name = 6001
account.2.password = p1
account.2.display_name = Away
account.2.sip_server.1.address = example.com
account.3.user_name =
account.3.password =
`;
  const config = accepted(reading(text, "y.cfg"));
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

for (const [text, message] of [
  [
    "maxDetectFailCount = 200",
    "a.cfg:1: maxDetectFailCount = 200, allowed 0..100; choose a whole number in that range; 0 means: the first miss is enough",
  ],
  [
    "\n最大检测失败计数 = 200",
    "a.cfg:2: 最大检测失败计数 (maxDetectFailCount) = 200, allowed 0..100; choose a whole number in that range; 0 means: the first miss is enough",
  ],
  [
    "P32 = 10081",
    "a.cfg:1: P32 (registerRefreshInterval) = 10081 times 60, allowed 10..604800 s; choose a whole number in that range",
  ],
  ["P2397 = 2", "a.cfg:1: P2397 (sipOptions) = 2 is neither on nor off, allowed on or off; write on or off"],
  ["P130 = 3", "a.cfg:1: P130 (transport) = 3, allowed udp or tcp or tls; choose one of these words"],
  [
    "registerTimeout 2000",
    "a.cfg:1: the line is no key = value; write key = value, or begin a comment with #",
  ],
  ["= 2000", "a.cfg:1: the line is no key = value; write key = value, or begin a comment with #"],
  ["[sip]", "a.cfg:1: the line is no key = value; write key = value, or begin a comment with #"],
  [
    "registerTimeout = 2000x",
    "a.cfg:1: registerTimeout = 2000x is no number, allowed 0 or 500..32000 ms; write a whole number of ms",
  ],
  ["perferPrimary = on", "a.cfg:1: unknown key perferPrimary; did you mean preferPrimary?"],
  ["port = 5060", "a.cfg:1: unknown key port; did you mean rport?"],
  ["P9999 = 1", "a.cfg:1: unknown key P9999; see docs/parameters.md"],
  ["servers.standby.host = c", "a.cfg:1: unknown key servers.standby.host; see docs/parameters.md"],
  ["lines.phoneNumber = 6001", "a.cfg:1: unknown key lines.phoneNumber; did you mean lines.1.phoneNumber?"],
  ["servers.host = b", "a.cfg:1: unknown key servers.host; did you mean servers.primary.host?"],
  [
    "acceptList = 192.0.2.8 b:1",
    "a.cfg:1: acceptList holds b:1, which is no address; write addresses, separated by commas: a name could mean another machine tomorrow",
  ],
  ["lines.0.phoneNumber = 6001", "a.cfg:1: unknown key lines.0.phoneNumber; see docs/parameters.md"],
  [
    "registerTimeout = 2000\nDBID_SIP_REGISTER_TIMEOUT_TIMER = 2000",
    "a.cfg:2: DBID_SIP_REGISTER_TIMEOUT_TIMER is set twice, first as registerTimeout at a.cfg:1; keep one of the two",
  ],
  ["t1 = 500\nT1 = 500", "a.cfg:2: T1 is set twice, first as t1 at a.cfg:1; keep one of the two"],
  ["t1 = 500\nt1 = 600", "a.cfg:2: t1 is set twice, first at a.cfg:1; keep one of the two"],
  [
    "account.1.sip_server.1.expires = 60\naccount.2.sip_server.1.expires = 61",
    "a.cfg:2: account.2.sip_server.1.expires (registerRefreshInterval) differs from account.1.sip_server.1.expires at a.cfg:1; one set of servers and settings serves all lines: make them equal",
  ],
  ['displayName = "open', 'a.cfg:1: the value of displayName has no closing quote; end it with "'],
  ["displayName = 'open", "a.cfg:1: the value of displayName has no closing quote; end it with '"],
  [
    'displayName = "a" b',
    'a.cfg:1: the value of displayName goes on behind its closing quote; quote the whole value, and write a quote inside it as \\"',
  ],
  [
    'displayName = "a\\n"',
    "a.cfg:1: the value of displayName has a backslash that escapes nothing; write \\\\ for a backslash, or use single quotes",
  ],
  [
    "displayName = Front # desk",
    "a.cfg:1: the value of displayName may end before the # or ;, or not; put the value in double quotes",
  ],
  [
    "displayName = a\tb",
    "a.cfg:1: displayName = a\tb holds a control character; leave line ends, tabs and other control characters out",
  ],
  [
    "backupOutboundServer = A",
    "a.cfg:1: backup1 is the same server as primary; give it another host or port, or leave it out",
  ],
  [
    `displayName = ${"ü".repeat(24)}`,
    `a.cfg:1: displayName = ${"ü".repeat(24)} is 48 bytes long, allowed up to 47 bytes; shorten it`,
  ],
] as const) {
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
for (const [text, servers] of [
  ["outboundServer = a", ["a:5060 a"]],
  ["proxyServer = p", ["p:5060 p"]],
  ["proxyServer = p\nproxyPort = 5070\noutboundPort = 5080", ["p:5070 p"]],
  ["proxyServer = p\noutboundServer = a\noutboundPort = 5080", ["a:5080 p"]],
  ["outboundServer = a\nbackupOutboundServer = b", ["a:5060 a", "b:5060 b"]],
  ["proxyServer = p\nbackupOutboundServer = b", ["p:5060 p", "b:5060 p"]],
  [
    "proxyServer = p\noutboundServer = a\nbackupOutboundServer = b\nbackupOutboundPort = 5090",
    ["a:5060 p", "b:5090 p"],
  ],
  ["proxyServer = p\nbackupProxyServer = q\nbackupProxyPort = 5070", ["p:5060 p", "q:5070 q"]],
  [
    "proxyServer = p\noutboundServer = a\nbackupProxyServer = q\nbackupOutboundServer = b",
    ["a:5060 p", "b:5060 q"],
  ],
  ["outboundServer = [2001:db8::1]", ["2001:db8::1:5060 2001:db8::1"]],
] as const) {
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
