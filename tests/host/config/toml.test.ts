// The TOML form: every message names the file and the line.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readConfigFile } from "../../../host/config/file.ts";
import { defaultSettings } from "../../../host/params/table.ts";
import { accepted, complaints, reading } from "./readings.ts";

const SERVERS = '[[servers]]\nhost = "192.0.2.1"\n[[servers]]\nhost = "192.0.2.2"\n';
const LINE = '[[lines]]\nphoneNumber = "6000"\npassword = "p"\n';

test("the documented example has two lines, three servers and credentials of their own", () => {
  const config = accepted(readConfigFile("docs/example.toml"));
  assert.deepEqual(config.servers, [
    {
      name: "primary",
      host: "192.0.2.10",
      port: 5060,
      isDefaultPort: true,
      transport: "udp",
      domain: "example.com",
    },
    { name: "backup1", host: "192.0.2.11", port: 5070, transport: "udp", domain: "example.com" },
    {
      name: "backup2",
      host: "sip.example.net",
      port: 5060,
      isDefaultPort: true,
      transport: "udp",
      domain: "example.net",
    },
  ]);
  assert.deepEqual(config.lines, [
    {
      number: "6000",
      display: "Reception",
      credentials: [
        { account: "reception", password: "first secret" },
        { account: "reception", password: "first secret" },
        { account: "reception-away", password: "second secret" },
      ],
    },
    {
      number: "6001",
      display: "",
      credentials: [
        { account: "6001", password: "third secret" },
        { account: "6001", password: "third secret" },
        { account: "6001", password: "third secret" },
      ],
    },
  ]);
  assert.deepEqual(config.settings, {
    ...defaultSettings(),
    registerRefreshInterval: 120,
    primaryDetectInterval: 90,
    maxDetectFailCount: 1,
    preferPrimary: true,
  });
});

test("what the file leaves out has the default of the table", () => {
  const config = accepted(reading(SERVERS + LINE, "a.toml"));
  assert.deepEqual(config.settings, defaultSettings());
  assert.deepEqual(config.local, { random: true, port: 5060, min: 50000, max: 60000 });
  assert.deepEqual(config.acceptList, []);
  assert.deepEqual(config.dns, { type: "a", nameServers: [] });
  assert.equal(config.dhcpOption120, false);
});

test("a port that was said is marked by nothing, one that was not is marked as the default", () => {
  const config = accepted(
    reading(`[[servers]]\nhost = "a"\nport = 5060\n[[servers]]\nhost = "b"\n${LINE}`, "a.toml"),
  );
  assert.deepEqual(
    config.servers.map(({ isDefaultPort }) => isDefaultPort),
    [undefined, true],
  );
});

test("how names are found: the type, and name servers as a text or a list", () => {
  const text = 'proxyDnsType = "NAPTR"\nnameServers = ["192.0.2.1", "[2001:db8::1]:5353"]\n';
  const dns = { type: "naptr", nameServers: ["192.0.2.1", "[2001:db8::1]:5353"] };
  assert.deepEqual(accepted(reading(text + SERVERS + LINE, "a.toml")).dns, dns);
  const page =
    "Proxy DNS 类型 = 2\nnameServers = 192.0.2.1 , [2001:db8::1]:5353\noutboundServer = a\nphoneNumber = 1\npassword = p\n";
  assert.deepEqual(accepted(reading(page, "a.cfg")).dns, dns);
});

for (const [text, message] of [
  [
    "maxDetectFailCount = 101",
    "a.toml:1: maxDetectFailCount = 101, allowed 0..100; choose a whole number in that range; 0 means: the first miss is enough",
  ],
  [
    "\n\nregisterTimeout = 499",
    "a.toml:3: registerTimeout = 499, allowed 0 or 500..32000 ms; choose a whole number in that range; 0 means: 64 times t1",
  ],
  [
    "registerRefreshInterval = 9",
    "a.toml:1: registerRefreshInterval = 9, allowed 10..604800 s; choose a whole number in that range",
  ],
  [
    "registerRefreshInterval = 60.5",
    "a.toml:1: registerRefreshInterval = 60.5, allowed 10..604800 s; choose a whole number in that range",
  ],
  [
    "registerRefreshInterval = -10",
    "a.toml:1: registerRefreshInterval = -10, allowed 10..604800 s; choose a whole number in that range",
  ],
  [
    "registerRefreshInterval = inf",
    "a.toml:1: registerRefreshInterval = Infinity, allowed 10..604800 s; choose a whole number in that range",
  ],
  [
    'registerRefreshInterval = "soon"',
    "a.toml:1: registerRefreshInterval = soon is no number, allowed 10..604800 s; write a whole number of s",
  ],
  [
    "registerRefreshInterval = true",
    "a.toml:1: registerRefreshInterval = true is no number, allowed 10..604800 s; write a whole number of s",
  ],
  [
    "registerRefreshInterval = 2026-01-01",
    "a.toml:1: registerRefreshInterval = local-date means nothing here; write a number, a text in quotes, true or false",
  ],
  [
    "acceptList = [[]]",
    "a.toml:1: acceptList holds [], which is no address; write addresses, separated by commas: a name could mean another machine tomorrow",
  ],
  [
    "acceptList = [1]",
    "a.toml:1: acceptList holds 1, which is no address; write addresses, separated by commas: a name could mean another machine tomorrow",
  ],
  [
    'acceptList = ["192.0.2.8", "pbx.example"]',
    "a.toml:1: acceptList holds pbx.example, which is no address; write addresses, separated by commas: a name could mean another machine tomorrow",
  ],
  [
    'acceptList = ["192.0.2.300"]',
    "a.toml:1: acceptList holds 192.0.2.300, which is no address; write addresses, separated by commas: a name could mean another machine tomorrow",
  ],
  [
    'nameServers = ["192.0.2.1:53", "ns.example"]',
    "a.toml:1: nameServers holds ns.example, which is no address; write addresses, each with a :PORT or without, separated by commas",
  ],
  [
    'proxyDnsType = "mx"',
    "a.toml:1: proxyDnsType = mx, allowed a or srv or naptr; choose one of these words",
  ],
  ["registerRefreshInterval = [120]", "a.toml:1: registerRefreshInterval is a list; write one value"],
  [
    'preferPrimary = "perhaps"',
    "a.toml:1: preferPrimary = perhaps is neither on nor off, allowed on or off; write on or off",
  ],
  [
    "preferPrimary = 2",
    "a.toml:1: preferPrimary = 2 is neither on nor off, allowed on or off; write on or off",
  ],
  ['detectAnswer = "all"', "a.toml:1: detectAnswer = all, allowed any or 2xx; choose one of these words"],
  ['transport = "sctp"', "a.toml:1: transport = sctp, allowed udp or tcp or tls; choose one of these words"],
  ["maxDetectFailCnt = 1", "a.toml:1: unknown key maxDetectFailCnt; did you mean maxDetectFailCount?"],
  ["zebra = 1", "a.toml:1: unknown key zebra; see docs/parameters.md"],
  ["[settings]\nt1 = 500", "a.toml:2: unknown key settings.t1; see docs/parameters.md"],
  ["[sip]", "a.toml:1: unknown key sip; see docs/parameters.md"],
  ["t1 = 500\nt1 = 600", "a.toml:2: t1 is set twice; keep one"],
  ["[a]\nt1 = 1\n[a]", "a.toml:3: [a] is set twice; keep one"],
  [
    "t1 = ",
    "a.toml:1: t1 has no value; texts stand in quotes, switches are true or false; docs/example.toml shows all",
  ],
  [
    "preferPrimary = yes",
    "a.toml:1: no TOML from column 17 on; texts stand in quotes, switches are true or false; docs/example.toml shows all",
  ],
  [
    'proxyServer = "a',
    "a.toml:1: no TOML from column 17 on; texts stand in quotes, switches are true or false; docs/example.toml shows all",
  ],
  ["t1 = 4001", "a.toml:1: t1 = 4001 is above t2 = 4000; raise t2 or lower t1"],
  [
    "flapReuse = 2500",
    "a.toml:1: flapReuse = 2500 is not below flapSuppress = 2500; raise flapSuppress or lower flapReuse",
  ],
  [
    "retryAfterMin = 600\nretryAfterMax = 599",
    "a.toml:2: retryAfterMin = 600 is above retryAfterMax = 599; raise retryAfterMax or lower retryAfterMin",
  ],
  [
    "retryBase = 1801",
    "a.toml:1: retryBase = 1801 is above retryMax = 1800; raise retryMax or lower retryBase",
  ],
  [
    "randomPortMin = 60001",
    "a.toml:1: randomPortMin = 60001 is above randomPortMax = 60000; raise randomPortMax or lower randomPortMin",
  ],
] as const) {
  test(`refused with its line: ${message}`, () => {
    assert.deepEqual(complaints(reading(`${text}\n${SERVERS}${LINE}`, "a.toml")), [message]);
  });
}

for (const text of [
  "maxDetectFailCount = 100",
  "maxDetectFailCount = 0",
  "registerTimeout = 0",
  "registerTimeout = 500",
  "registerTimeout = 32000",
  "registerRefreshInterval = 10",
  "registerRefreshInterval = 604800",
  "primaryDetectInterval = 0",
  "primaryDetectInterval = 5",
  'detectAnswer = "2xx"',
  'preferPrimary = "on"',
  "t1 = 4000",
  "flapReuse = 2499",
  "retryAfterMin = 600",
  "retryBase = 1800",
  "randomPortMin = 60000",
]) {
  test(`taken at the limit: ${text}`, () => {
    const [name = "", value = ""] = text.split(" = ");
    const config = accepted(reading(`${text}\n${SERVERS}${LINE}`, "a.toml"));
    const held = { ...config.settings, randomPortMin: config.local.min }[name as "t1"];
    const word = { on: "true" }[JSON.parse(value) as string] ?? String(JSON.parse(value));
    assert.equal(String(held), word);
  });
}

for (const [text, message] of [
  [LINE, "a.toml: there is no server; set outboundServer or proxyServer, or list servers"],
  [SERVERS, "a.toml: there is no line; give a line its phoneNumber"],
  [`[[servers]]\nport = 5060\n${LINE}`, "a.toml:1: primary has no host; set its host, or leave it out"],
  [`[[servers]]\n${LINE}`, "a.toml:1: primary has no host; set its host, or leave it out"],
  [
    `[[servers]]\nhost = "a b"\n${LINE}`,
    "a.toml:2: servers.primary.host = a b is no host name or address; write a name or an address alone; its port has a parameter of its own",
  ],
  [
    `[[servers]]\nhost = "a:5060"\n${LINE}`,
    "a.toml:2: servers.primary.host = a:5060 is no host name or address; write a name or an address alone; its port has a parameter of its own",
  ],
  [
    `[[servers]]\nhost = "${"a".repeat(64)}"\n${LINE}`,
    `a.toml:2: servers.primary.host = ${"a".repeat(64)} is 64 bytes long, allowed up to 63 bytes; shorten it`,
  ],
  [
    `[[servers]]\nhost = "a"\nprot = 5060\n${LINE}`,
    "a.toml:3: unknown key servers.primary.prot; did you mean port?",
  ],
  [
    `[[servers]]\nhost = "a"\nport = 0\n${LINE}`,
    "a.toml:3: servers.primary.port = 0, allowed 1..65535; choose a whole number in that range",
  ],
  [
    `[[servers]]\nname = "backup1"\nhost = "a"\n${LINE}`,
    "a.toml:2: name = backup1 at the place of primary; put the servers in order: primary, backup1, backup2, backup3; or leave name out",
  ],
  [
    `[servers.backup1]\nhost = "a"\n${LINE}`,
    "a.toml:1: backup1 without primary; name the servers in order: primary, backup1, backup2, backup3",
  ],
  [
    `[[servers]]\nhost = "pbx.example"\n[[servers]]\nhost = "PBX.Example."\n${LINE}`,
    "a.toml:4: backup1 is the same server as primary; give it another host or port, or leave it out",
  ],
  [
    `[[servers]]\nhost = "2001:db8::1"\n[[servers]]\nhost = "[2001:DB8:0::1]"\n${LINE}`,
    "a.toml:4: backup1 is the same server as primary; give it another host or port, or leave it out",
  ],
  [
    `outboundServer = "a"\n${SERVERS}${LINE}`,
    "a.toml:1: outboundServer beside a list of servers; write the servers in one of the two ways",
  ],
  [
    `${'[[servers]]\nhost = "a"\n'}${"bcde".replace(/./g, (host) => `[[servers]]\nhost = "${host}"\n`)}${LINE}`,
    "a.toml:9: backup4 is one server too many, allowed up to 4 servers; leave it out",
  ],
  [
    `${SERVERS}[[lines]]\npassword = "p"\n`,
    "a.toml:5: line 1 has no phoneNumber; give it one, or leave the line out",
  ],
  [
    `${SERVERS}[[lines]]\nphoneNumber = "60 00"\npassword = "p"\n`,
    "a.toml:6: lines.1.phoneNumber = 60 00 is no user of a SIP address; use letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / only",
  ],
  [
    `${SERVERS}[[lines]]\nphoneNumber = "6000"\n`,
    "a.toml:5: line 6000 has no password at any server; set its password, or give --password-file",
  ],
  [
    `${SERVERS}[[lines]]\nphoneNumber = "6000"\npassword = ""\n`,
    "a.toml:5: line 6000 has no password at any server; set its password, or give --password-file",
  ],
  [`${SERVERS}${LINE}${LINE}`, "a.toml:9: line 2 has the number 6000, as line 1 has; give each line its own"],
  [
    `${SERVERS}${LINE}[lines.credentials.backup2]\npassword = "q"\n`,
    "a.toml:9: line 1 has credentials at backup2, which is no server of the set; add the server, or leave the credentials out",
  ],
  [
    `${SERVERS}${LINE}[lines.credentials.backup]\npassword = "q"\n`,
    "a.toml:9: unknown key lines.1.credentials.backup.password; did you mean backup1?",
  ],
  [
    `${SERVERS}${LINE}[lines.credentials.backup1]\npasword = "q"\n`,
    "a.toml:9: unknown key lines.1.credentials.backup1.pasword; did you mean password?",
  ],
  [
    `${SERVERS}${"123456789".replace(/./g, (n) => LINE.replace("6000", `600${n}`))}`,
    "a.toml:29: there are 9 lines, allowed up to 8 lines; leave some out, or build the core with a larger LINES",
  ],
] as const) {
  test(`refused as a whole: ${message}`, () => {
    assert.deepEqual(complaints(reading(text, "a.toml")), [message]);
  });
}

test("the least and the most: one server and one line, four servers and eight lines", () => {
  const one = accepted(
    reading('[[servers]]\nhost = "a"\n[[lines]]\nphoneNumber = 6000\npassword = "p"\n', "a.toml"),
  );
  assert.deepEqual([one.servers.length, one.lines.length, one.lines[0]?.number], [1, 1, "6000"]);
  const servers = "abcd".replace(/./g, (host) => `[[servers]]\nhost = "${host}"\n`);
  const lines = "12345678".replace(/./g, (n) => LINE.replace("6000", `600${n}`));
  const most = accepted(reading(servers + lines, "a.toml"));
  assert.deepEqual([most.servers.length, most.lines.length], [4, 8]);
});

test("all mistakes are told at once, in the order of the file", () => {
  const text = `t1 = 99\nt2 = "x"\nzebra = 1\n[[servers]]\nhost = "a"\nport = 70000\n[[lines]]\n`;
  assert.deepEqual(
    complaints(reading(text, "a.toml")).map((line) => line.split(";")[0]),
    [
      "a.toml:1: t1 = 99, allowed 100..5000 ms",
      "a.toml:2: t2 = x is no number, allowed 500..32000 ms",
      "a.toml:3: unknown key zebra",
      "a.toml:6: servers.primary.port = 70000, allowed 1..65535",
      "a.toml:7: line 1 has no phoneNumber",
      "a.toml:7: line 1 has no password at any server",
    ],
  );
});

test("a table may be written inline, and servers by their names", () => {
  const text =
    'lines = [{ phoneNumber = "6000", password = "p" }]\n[servers.primary]\nhost = "a"\n[servers.backup1]\nhost = "b"\nname = "backup1"\n';
  const config = accepted(reading(text, "a.toml"));
  assert.deepEqual(
    config.servers.map(({ host }) => host),
    ["a", "b"],
  );
  assert.equal(config.lines[0]?.number, "6000");
});

test("the list of further addresses may be a list", () => {
  const text = `acceptList = ["192.0.2.8", "192.0.2.9"]\n${SERVERS}${LINE}`;
  assert.deepEqual(accepted(reading(text, "a.toml")).acceptList, ["192.0.2.8", "192.0.2.9"]);
});

test("credentials at one server only leave the others without", () => {
  const text = `${SERVERS}[[lines]]\nphoneNumber = "6000"\n[lines.credentials.primary]\npassword = "p"\n`;
  assert.deepEqual(accepted(reading(text, "a.toml")).lines[0]?.credentials, [
    { account: "6000", password: "p" },
    null,
  ]);
});

test("no text, however broken, ends in anything but a configuration or mistakes with their places", () => {
  const word = fc.constantFrom(
    ...'t1 servers lines = . , [ ] [[ ]] { } " \' """ \\ # 500 -0 1e9 nan 0x1f 2026-01-01 07:32:00 true \n \r\n'.split(
      " ",
    ),
    " ",
    "\u0000",
    "\ud800",
    "credentials",
    "primary",
    "host",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), (words) => {
      for (const line of complaints(reading(words.join(""), "a.toml"))) {
        assert.match(line, /^a\.toml(:\d+)?: .+; .+$/s);
      }
    }),
    { numRuns: 500 },
  );
});
