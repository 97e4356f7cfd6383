// `standfast locate`: the table, the object, and how it ends; against a name server of our own.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Packet } from "dns-packet";
import { writeEndpoint } from "../../../host/node/address.ts";
import { address, nameServerOn, rcode } from "../node/dns/name-server.ts";
import { fileWith, runProgram } from "../program.ts";

const NXDOMAIN = 3;

/** NAPTR for UDP only, one SRV record of each priority, and addresses of the loopback. */
const ANSWERS: Readonly<Record<string, Packet>> = {
  "NAPTR example.com": {
    answers: [
      {
        type: "NAPTR",
        class: "IN",
        name: "example.com",
        ttl: 900,
        data: {
          order: 1,
          preference: 1,
          flags: "s",
          services: "SIP+D2U",
          regexp: "",
          replacement: "_sip._udp.example.com",
        },
      },
    ],
  },
  "SRV _sip._udp.example.com": {
    answers: [20, 10].map((priority) => ({
      type: "SRV" as const,
      class: "IN" as const,
      name: "_sip._udp.example.com",
      ttl: 600,
      data: { priority, weight: 5, port: 5060 + priority, target: `p${priority}.example.com` },
    })),
  },
  "A p10.example.com": address("p10.example.com", "127.0.0.10", 60),
  "A p20.example.com": address("p20.example.com", "127.0.0.20", 30),
  "A example.com": address("example.com", "127.0.0.1", 300),
};

async function nameServer(t: TestContext): Promise<string> {
  const { endpoint } = await nameServerOn(t, ({ type, name }) => [
    ANSWERS[`${type} ${name}`] ?? rcode(NXDOMAIN),
  ]);
  return writeEndpoint(endpoint);
}

test("a name alone: a row for each address, in the order of the tries", async (t) => {
  const { code, stdout } = await runProgram(["locate", "example.com", "--name-server", await nameServer(t)]);
  assert.equal(code, 0);
  assert.deepEqual(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd()),
    [
      "example.com, udp, NAPTR",
      "  1  127.0.0.10  port 5070  priority 10 weight 5  p10.example.com  60 s",
      "  2  127.0.0.20  port 5080  priority 20 weight 5  p20.example.com  30 s",
    ],
  );
});

test("as one object", async (t) => {
  const { stdout } = await runProgram([
    "locate",
    "example.com:5090",
    "--json",
    "--name-server",
    await nameServer(t),
  ]);
  const target = { address: "127.0.0.1", port: 5090, name: "example.com", ttlSeconds: 300 };
  const asked = { host: "example.com", port: 5090, transport: "udp", dnsType: "naptr" };
  assert.deepEqual(JSON.parse(stdout), {
    servers: [{ ...asked, kind: "found", missed: [], ttlSeconds: 300, targets: [target] }],
  });
});

test("a transport that is not offered ends with 1 and the reason", async (t) => {
  const { code, stdout } = await runProgram([
    "locate",
    "example.com",
    "--transport",
    "tls",
    "--name-server",
    await nameServer(t),
  ]);
  assert.equal(code, 1);
  assert.equal(
    stdout,
    "example.com, tls, NAPTR\n  no address: example.com offers SIP+D2U only, and transport is tls\n",
  );
});

test("every server of a configuration, by its type and its name servers", async (t) => {
  const config = fileWith(
    "phone.toml",
    [
      'proxyDnsType = "srv"',
      `nameServers = "${await nameServer(t)}"`,
      '[[servers]]\nhost = "example.com"',
      '[[servers]]\nhost = "192.0.2.7"',
      '[[lines]]\nphoneNumber = "6000"\npassword = "p"\n',
    ].join("\n"),
  );
  const { code, stdout } = await runProgram(["locate", "--config", config]);
  assert.equal(code, 0);
  assert.match(stdout, /^primary: example\.com, udp, SRV\n {2}1 {2}127\.0\.0\.10 +port 5070/);
  assert.match(stdout, /\nbackup1: 192\.0\.2\.7, udp, SRV\n {2}1 {2}192\.0\.2\.7 +port 5060\s*\n$/);
});

test("the servers of DHCP option 120 take the place of the configured ones where that is allowed", async () => {
  const words = [
    "locate",
    "--primary",
    "192.0.2.7",
    "--user",
    "6000",
    "--password-file",
    fileWith("secret", "p\n"),
  ];
  const option = ["--dhcp-option-120", "01:7f:00:00:02:7f:00:00:03"];
  const off = await runProgram([...words, ...option]);
  assert.match(off.stdout, /^primary: 192\.0\.2\.7/);
  assert.match(off.stderr, /DHCP option 120 is not used: dhcpOption120 is off/);
  const on = await runProgram([...words, ...option, "--param", "dhcpOption120=on"]);
  assert.match(on.stdout, /^primary: 127\.0\.0\.2,.*\n.*\nbackup1: 127\.0\.0\.3,/);
  assert.match(on.stderr, /DHCP option 120 names the servers: 127\.0\.0\.2, 127\.0\.0\.3/);
  const bad = await runProgram([...words, "--dhcp-option-120", "0"]);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /--dhcp-option-120 0 is not hexadecimal/);
});

test("what is no name, no port or no name server or not one of name and configuration is refused", async () => {
  for (const [words, said] of [
    [[""], /"" is no host name or address/],
    [["bad host"], /"bad host" is no host name or address; write NAME or NAME:PORT/],
    [["localhost:99999"], /99999 is no port, allowed 1\.\.65535/],
    [["localhost:sip"], /sip is no port/],
    [["localhost", "--name-server", "foo"], /--name-server "foo" is no ADDRESS or ADDRESS:PORT/],
    [["localhost", "--name-server", "127.0.0.1:0"], /--name-server "127\.0\.0\.1:0"/],
    [["localhost", "--primary", "192.0.2.1"], /a name or a configuration, not both/],
    [[], /nothing to locate: give NAME/],
    [["--type", "srv", "--primary", "192.0.2.1"], /--type srv: it is for a name alone/],
  ] as const) {
    const { code, stdout, stderr } = await runProgram(["locate", ...words]);
    assert.equal(code, 2, words.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split("\n").length, 1);
  }
});
