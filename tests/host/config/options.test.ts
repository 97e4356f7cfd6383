// The same model without a file, and parameters of the command line in place of the file's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromOptions, type Options } from "../../../host/config/options.ts";
import { accepted, complaints, reading } from "./readings.ts";

const LEAST: Options = { primary: "192.0.2.1", backups: ["192.0.2.2"], users: ["6000"], password: "p" };

test("the options give what the same file gives", () => {
  const file = `servers = [{ host = "192.0.2.1" }, { host = "192.0.2.2", port = 5070 }]
proxyServer = "example.com"
primaryDetectInterval = 90
lines = [{ phoneNumber = "6000", account = "auth", displayName = "Desk", password = "p" }]
`;
  const options = fromOptions({
    ...LEAST,
    backups: ["192.0.2.2:5070"],
    domain: "example.com",
    account: "auth",
    display: "Desk",
    params: ["primaryDetectInterval=90"],
  });
  assert.deepEqual(accepted(options), accepted(reading(file, "a.toml")));
});

for (const [text, host, port] of [
  ["pbx.example", "pbx.example", 5060],
  ["pbx.example:5070", "pbx.example", 5070],
  ["192.0.2.1:65535", "192.0.2.1", 65535],
  ["2001:db8::1", "2001:db8::1", 5060],
  ["[2001:db8::1]", "2001:db8::1", 5060],
  ["[2001:db8::1]:5070", "2001:db8::1", 5070],
] as const) {
  test(`--primary ${text} is ${host}, port ${port}`, () => {
    const [primary] = accepted(fromOptions({ ...LEAST, primary: text, backups: [] })).servers;
    assert.deepEqual([primary?.host, primary?.port], [host, port]);
  });
}

test("without a backup there is one server, and with three there are four", () => {
  assert.equal(accepted(fromOptions({ ...LEAST, backups: [] })).servers.length, 1);
  assert.equal(accepted(fromOptions({ ...LEAST, backups: ["b", "c", "d"] })).servers.length, 4);
});

test("several users are several lines with one password", () => {
  const { lines } = accepted(fromOptions({ ...LEAST, users: ["6000", "6001"] }));
  assert.deepEqual(
    lines.map(({ number, credentials }) => [number, credentials[0]]),
    [
      ["6000", { account: "6000", password: "p" }],
      ["6001", { account: "6001", password: "p" }],
    ],
  );
});

for (const [options, message] of [
  [{ primary: "" }, "--primary: primary has no host; set its host, or leave it out"],
  [
    { primary: "a b" },
    "--primary: servers.primary.host = a b is no host name or address; write a name or an address alone; its port has a parameter of its own",
  ],
  [
    { primary: "a:0" },
    "--primary: servers.primary.port = 0, allowed 1..65535; choose a whole number in that range",
  ],
  [
    { primary: "a:65536" },
    "--primary: servers.primary.port = 65536, allowed 1..65535; choose a whole number in that range",
  ],
  [
    { primary: "a:sip" },
    "--primary: servers.primary.port = sip is no number, allowed 1..65535; write a whole number",
  ],
  [
    { backups: ["192.0.2.1"] },
    "--backup: backup1 is the same server as primary; give it another host or port, or leave it out",
  ],
  [
    { backups: ["b", "c", "d", "e"] },
    "--backup: backup4 is one server too many, allowed up to 4 servers; leave it out",
  ],
  [{ users: [] }, "the command line: there is no line; give a line its phoneNumber"],
  [
    { users: ["60 00"] },
    "--user: lines.1.phoneNumber = 60 00 is no user of a SIP address; use letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / only",
  ],
  [
    { password: "" },
    "--user: line 6000 has no password at any server; set its password, or give --password-file",
  ],
  [{ params: ["t1=99"] }, "--param t1: t1 = 99, allowed 100..5000 ms; choose a whole number in that range"],
  [{ params: ["t1"] }, "--param: t1 is no NAME=VALUE; write --param primaryDetectInterval=90"],
  [{ params: ["t3=1"] }, "--param t3: unknown key t3; did you mean t1?"],
] as const) {
  test(`refused: ${message}`, () => {
    assert.deepEqual(complaints(fromOptions({ ...LEAST, ...options })), [message]);
  });
}

test("--param replaces what the file says, and the last of several counts", () => {
  const file = "t1 = 500\noutboundServer = a\nphoneNumber = 6000\npassword = p\n";
  const it = reading(file, "a.cfg", { params: ["t1=250", "T1 = 300", "maxDetectFailCount=1"] });
  const { settings } = accepted(it);
  assert.deepEqual([settings.t1, settings.maxDetectFailCount], [300, 1]);
});
