// Files of other makers: what each key becomes, what is named, what is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeError } from "../../../../host/config/error.ts";
import type { PhoneConfig } from "../../../../host/config/model.ts";
import { type Form, formOf, importAs } from "../../../../host/config/vendors/all.ts";

const YEALINK = `#!version:1.0.0.1
## two lines, a pair of servers behind proxies
account.1.enable = 1
account.1.label = Reception
account.1.user_name = 6000
account.1.auth_name = reception
account.1.password = se#cret "1"
account.1.sip_server.1.address = sip.example
account.1.sip_server.1.expires = 120
account.1.sip_server.1.retry_counts = 2
account.1.sip_server.1.failback_mode = 3
account.1.sip_server.1.failback_timeout = 600
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = 192.0.2.1
account.1.outbound_proxy.1.port = 5070
account.1.outbound_proxy.2.address = 192.0.2.2
account.1.sip_server.1.register_on_enable = 0
account.2.enable = 1
account.2.user_name = 6001
account.2.password = other
account.2.sip_server.1.retry_counts = 3
account.3.enable = 0
account.3.user_name = 6002
account.4.user_name =
account.4.sip_server.1.address =
sip.timer_t1 = 0.5
voice.tone.country = China
`;

interface Read {
  readonly config: PhoneConfig;
  /** `line key: what became of it`. */
  readonly told: readonly string[];
}

function imported(form: Form, text: string): Read {
  const read = importAs(form, text, "f");
  assert.equal(
    read.kind,
    "accepted",
    read.kind === "refused" ? read.errors.map(describeError).join("\n") : "",
  );
  const { config, findings } = read as Extract<typeof read, { kind: "accepted" }>;
  return {
    config,
    told: findings.map(
      ({ kind, key, where, why }) => `${where} ${key} ${kind}${why === undefined ? "" : `: ${why}`}`,
    ),
  };
}

function refused(form: Form, text: string): string[] {
  const read = importAs(form, text, "f");
  return read.kind === "refused" ? read.errors.map(describeError) : [];
}

test("a file of Yealink's form: lines, servers behind proxies, and what became of each key", () => {
  const { config, told } = imported("yealink", YEALINK);
  assert.deepEqual(config.servers, [
    { name: "primary", host: "192.0.2.1", port: 5070, transport: "udp", domain: "sip.example" },
    {
      name: "backup1",
      host: "192.0.2.2",
      port: 5060,
      isDefaultPort: true,
      transport: "udp",
      domain: "sip.example",
    },
  ]);
  assert.deepEqual(config.lines, [
    {
      number: "6000",
      display: "",
      credentials: Array(2).fill({ account: "reception", password: 'se#cret "1"' }),
    },
    { number: "6001", display: "", credentials: Array(2).fill({ account: "6001", password: "other" }) },
  ]);
  const { registerRefreshInterval, registerTimeout, preferPrimary, backToPrimaryDelay } = config.settings;
  assert.deepEqual(
    [registerRefreshInterval, registerTimeout, preferPrimary, backToPrimaryDelay],
    [120, 2000, false, 600],
  );
  const odd = told.filter((line) => !line.endsWith(" mapped"));
  assert.deepEqual(odd, [
    "f:4 account.1.label ignored: belongs to the screen of the phone",
    "f:17 account.1.sip_server.1.register_on_enable approximated: ours always registers at a server before it uses it",
    "f:21 account.2.sip_server.1.retry_counts approximated: one value serves all lines and servers, and account.1.sip_server.1.retry_counts at f:10 is it",
    "f:27 voice.tone.country unknown: no table has this key",
  ]);
  assert.equal(told.length, 24, "each key that says something, once");
});

test("a proxy that is switched off is not asked", () => {
  const { config } = imported(
    "yealink",
    YEALINK.replace("outbound_proxy_enable = 1", "outbound_proxy_enable = 0"),
  );
  assert.deepEqual(
    config.servers.map(({ host, domain }) => [host, domain]),
    [["sip.example", "sip.example"]],
  );
});

// Given up T1 after the last repeat: 0, T1, 3·T1, 7·T1 .. with T2 4000 ms.
for (const [repeats, timeoutMs] of [
  [0, 500],
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [4, 8000],
  [5, 12_000],
  [9, 28_000],
  [10, 32_000],
  [20, 32_000],
] as const) {
  test(`${repeats} repeats are a time-out of ${timeoutMs} ms`, () => {
    const { config, told } = imported("yealink", small(`account.1.sip_server.1.retry_counts = ${repeats}`));
    assert.equal(config.settings.registerTimeout, timeoutMs);
    assert.equal(told.filter((line) => line.includes("approximated")).length, repeats > 10 ? 1 : 0);
  });
}

for (const [mode, timeout, prefer, delay, approximated] of [
  [0, 3600, true, 3600, 1],
  [1, 3600, true, 3600, 1],
  [2, 3600, true, 3600, 0],
  [3, 3600, false, 3600, 0],
  [3, 0, false, 2_000_000, 1],
  [3, 1, false, 60, 1],
  [3, 59, false, 60, 1],
  [3, 60, false, 60, 0],
  [3, 65_535, false, 65_535, 0],
] as const) {
  test(`failback mode ${mode} after ${timeout} s`, () => {
    const text = `account.1.sip_server.1.failback_mode = ${mode}\naccount.1.sip_server.1.failback_timeout = ${timeout}`;
    const { config, told } = imported("yealink", small(text));
    assert.deepEqual([config.settings.preferPrimary, config.settings.backToPrimaryDelay], [prefer, delay]);
    assert.equal(told.filter((line) => line.includes("approximated")).length, approximated);
  });
}

for (const [line, complaint] of [
  ["account.1.sip_server.1.retry_counts = 21", "account.1.sip_server.1.retry_counts = 21, allowed 0..20"],
  [
    "account.1.sip_server.1.failback_timeout = 65536",
    "account.1.sip_server.1.failback_timeout = 65536, allowed 0..65535",
  ],
  [
    "account.1.sip_server.1.failback_mode = 4",
    "account.1.sip_server.1.failback_mode = 4, allowed 2 or 3 or 0 or 1",
  ],
  ["account.1.sip_server.1.port = 70000", "account.1.sip_server.1.port = 70000, allowed 1..65535"],
  ["account.1.nat.rport = yes", "account.1.nat.rport = yes, allowed 1 or 0"],
  [
    "account.1.sip_server.1.register_on_enable = 2",
    "account.1.sip_server.1.register_on_enable = 2, allowed 0 or 1",
  ],
] as const) {
  test(`${line} is refused with the maker's range`, () => {
    assert.deepEqual(refused("yealink", small(line)), [
      `f:4: ${complaint}; choose one that the maker allows, or leave the key out`,
    ]);
  });
}

for (const [enable, seconds, approximated] of [
  [0, 0, 0],
  [1, 30, 0],
  [2, 30, 1],
] as const) {
  test(`a NAT keepalive of kind ${enable} every 30 s`, () => {
    const text = `account.1.nat.udp_update_enable = ${enable}\naccount.1.nat.udp_update_time = 30`;
    const { config, told } = imported("yealink", small(text));
    assert.equal(config.settings.natKeepalive, seconds);
    assert.equal(told.filter((line) => line.includes("approximated")).length, approximated);
  });
}

test("a key that stands twice is refused, and so are lines with other servers", () => {
  assert.deepEqual(refused("yealink", small("account.1.user_name = 7")), [
    "f:4: account.1.user_name is set twice, first at f:1; keep one of the two",
  ]);
  const second =
    "account.2.user_name = 6001\naccount.2.password = p\naccount.2.sip_server.1.address = b.example";
  assert.deepEqual(refused("yealink", small(second)), [
    "f:6: account.2.sip_server.1.address: line 2 has other servers than line 1; one set of servers serves all lines: import the lines of each set by themselves",
  ]);
});

test("no report holds a value of the file", () => {
  const text = YEALINK.replace("retry_counts = 2", "retry_counts = 99");
  const read = importAs("yealink", text, "f");
  const words = JSON.stringify(read.findings) + JSON.stringify(read.kind === "refused" ? read.errors : "");
  assert.equal(read.kind, "refused");
  assert.doesNotMatch(words, /se#cret|other"/);
});

const GRANDSTREAM = [
  ["P47", "sip.example"],
  ["P967", "backup.example"],
  ["P48", "192.0.2.1:5070"],
  ["P2333", "192.0.2.2"],
  ["P35", "6000"],
  ["P34", "p&w"],
  ["P32", "60"],
  ["P4567", "1"],
  ["P60055", "2"],
  ["P60056", "60"],
  ["P2397", "1"],
  ["P2398", "30"],
  ["P2399", "3"],
  ["P138", "20"],
  ["P26002", "0"],
  ["P81", "2"],
  ["P20501", "1"],
  ["P2359", "1"],
  ["P9999", "7"],
] as const;

for (const [name, text] of [
  ["plain", GRANDSTREAM.map(([key, value]) => `${key}=${value}`).join("\r\n")],
  [
    "XML",
    [
      '<?xml version="1.0"?><gs_provision version="1"><config version="1">',
      ...GRANDSTREAM.slice(1).map(([key, value]) => `<${key}>${value.replace("&", "&amp;")}</${key}>`),
      `<P47>sip.example</P47></config></gs_provision>`,
    ].join("\n"),
  ],
] as const) {
  test(`Grandstream's numbers, ${name}`, () => {
    assert.equal(formOf(text), "grandstream");
    const { config, told } = imported("grandstream", text);
    assert.deepEqual(config.servers, [
      { name: "primary", host: "192.0.2.1", port: 5070, transport: "udp", domain: "sip.example" },
      {
        name: "backup1",
        host: "192.0.2.2",
        port: 5060,
        isDefaultPort: true,
        transport: "udp",
        domain: "backup.example",
      },
    ]);
    assert.equal(config.lines[0]?.credentials[0]?.password, "p&w");
    const { settings } = config;
    assert.deepEqual(
      [
        settings.registerRefreshInterval,
        settings.preferPrimary,
        settings.registerTimeout,
        settings.backToPrimaryDelay,
      ],
      [3600, true, 2000, 3600],
    );
    assert.deepEqual(
      [settings.sipOptions, settings.sipOptionsInterval, settings.maxDetectFailCount, settings.retryBase],
      [true, 30, 2, 20],
    );
    assert.deepEqual([settings.rejectRetry, settings.initialAuth, config.local.random], [86_400, true, true]);
    assert.deepEqual(
      told.filter((line) => !line.endsWith(" mapped")).map((line) => line.replace(/^f:\d+ /, "")),
      [
        "P26002 approximated: 0 never tries again; ours does after a day",
        "P9999 unknown: no table has this key",
      ],
    );
  });
}

test("the phone's own form: DBID keys and labels, a hidden 0 is kept, strangers are named", () => {
  const text = [
    "DBID_ALTER_SIP_SERVER_HOSTNAME = sip.example",
    "DBID_SIP_PHONE_NUM = 6000",
    "DBID_SIP_PASSWORD = secret",
    "DBID_SIP_REGISTER_TIMEOUT_TIMER = 0",
    "DTMF Mode = RFC2833",
    "DBID_SOMETHING = 1",
  ].join("\n");
  assert.equal(formOf(text), "dbid");
  const { config, told } = imported("dbid", text);
  assert.equal(config.settings.registerTimeout, 0);
  assert.deepEqual(told.slice(4), [
    "f:5 DTMF Mode ignored: belongs to the media of calls",
    "f:6 DBID_SOMETHING unknown: no table has this key",
  ]);
  assert.deepEqual(refused("dbid", text.replace("TIMER = 0", "TIMER = 499")), [
    "f:4: DBID_SIP_REGISTER_TIMEOUT_TIMER (registerTimeout) = 499, allowed 0 or 500..32000 ms; choose a whole number in that range; 0 means: 64 times t1",
  ]);
});

test("a form is told by its keys", () => {
  assert.equal(formOf(YEALINK), "yealink");
  assert.equal(formOf("proxyServer = a"), "dbid");
  assert.equal(formOf(""), "dbid");
});

/** The least file, with one line more. */
function small(line: string): string {
  return `account.1.user_name = 6000\naccount.1.password = p\naccount.1.sip_server.1.address = a.example\n${line}\n`;
}
