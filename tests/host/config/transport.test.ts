// How each server is reached: the transport over all and of one server, its port, and the authorities of TLS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromOptions } from "../../../host/config/options.ts";
import { accepted, complaints, reading } from "./readings.ts";

const LINE = 'lines = [{ phoneNumber = "6000", password = "p" }]\n';

/** A row: what the file says, and the transport and port of each server. */
const ROWS: readonly (readonly [text: string, servers: readonly string[]])[] = [
  ['servers = [{ host = "a" }, { host = "b" }]', ["udp 5060", "udp 5060"]],
  ['transport = "tcp"\nservers = [{ host = "a" }, { host = "b", port = 5070 }]', ["tcp 5060", "tcp 5070"]],
  ['transport = "tls"\nservers = [{ host = "a" }, { host = "b", port = 5060 }]', ["tls 5061", "tls 5060"]],
  [
    'transport = "tls"\nservers = [{ host = "a" }, { host = "b", transport = "udp" }]',
    ["tls 5061", "udp 5060"],
  ],
  ['servers = [{ host = "a", transport = "TLS" }, { host = "b", transport = 1 }]', ["tls 5061", "tcp 5060"]],
  ['outboundServer = "a"\nbackupOutboundServer = "b"\ntransport = "tls"', ["tls 5061", "tls 5061"]],
  [
    'outboundServer = "a"\noutboundPort = 5060\nbackupOutboundServer = "b"\ntransport = "tls"',
    ["tls 5060", "tls 5061"],
  ],
];

for (const [text, servers] of ROWS) {
  test(`${text.replaceAll("\n", "; ")}: ${servers.join(", ")}`, () => {
    const config = accepted(reading(`${text}\n${LINE}`, "a.toml"));
    assert.deepEqual(
      config.servers.map(({ transport, port }) => `${transport} ${port}`),
      servers,
    );
  });
}

test("the same host at the port of the other transport is another server", () => {
  const text = 'servers = [{ host = "a", transport = "tls" }, { host = "a" }]\n';
  assert.equal(accepted(reading(text + LINE, "a.toml")).servers.length, 2);
});

test("the file of authorities stands in the configuration, and only when it is said", () => {
  const servers = 'servers = [{ host = "a", transport = "tls" }]\n';
  const named = accepted(reading(`tlsCaFile = "/etc/pbx.pem"\n${servers}${LINE}`, "a.toml"));
  assert.equal(named.tlsCaFile, "/etc/pbx.pem");
  assert.equal("tlsCaFile" in accepted(reading(servers + LINE, "a.toml")), false);
});

test("a word that is no transport is refused with its line and the words that are", () => {
  assert.deepEqual(complaints(reading(`${LINE}[[servers]]\nhost = "a"\ntransport = "wss"\n`, "a.toml")), [
    "a.toml:4: servers.primary.transport = wss, allowed udp or tcp or tls; choose one of these words",
  ]);
});

test("--transport and --ca say the same without a file", () => {
  const words = { primary: "a", backups: ["b:5070"], users: ["6000"], password: "p" };
  const config = accepted(fromOptions({ ...words, transport: "tls", ca: "ca.pem" }));
  assert.equal(config.tlsCaFile, "ca.pem");
  assert.deepEqual(
    config.servers.map(({ transport, port }) => `${transport} ${port}`),
    ["tls 5061", "tls 5070"],
  );
  assert.deepEqual(complaints(fromOptions({ ...words, transport: "x" })), [
    "--transport: --transport (transport) = x, allowed udp or tcp or tls; choose one of these words",
  ]);
});
