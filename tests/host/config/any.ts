// Configurations at random, each of which every form of file may hold.
import fc from "fast-check";
import { type PhoneConfig, serverName } from "../../../host/config/model.ts";
import type { Row, Value } from "../../../host/params/row.ts";
import { CORE, type Settings } from "../../../host/params/table.ts";

/** Pairs that a configuration must keep in order are left at their defaults. */
const ORDERED = /^(retryAfter|retryBase|retryMax|t[12]$|flapReuse|flapSuppress)/;

const host = fc.constantFrom(
  "pbx.example",
  "192.0.2.1",
  "192.0.2.2",
  "2001:db8::1",
  "sip.example.net",
  "pbx2",
);
const port = fc.integer({ min: 1, max: 65_535 });
const word = fc.stringMatching(/^[A-Za-z0-9#;"'\\ =äЖ-]{1,12}$/);
const number = fc.stringMatching(/^[0-9]{1,6}$/);

/** Also without blanks at the ends of its texts, which some forms lose. */
export function anyConfig(lines = 3, servers = 4): fc.Arbitrary<PhoneConfig> {
  return fc
    .tuple(fc.integer({ min: 1, max: servers }), anyTransport)
    .chain(([count, transport]) =>
      fc.record({
        settings: fc.record(
          Object.fromEntries(CORE.map((row) => [row.name, anyValue(row)])),
        ) as never as fc.Arbitrary<Settings>,
        local: fc.record({
          random: fc.boolean(),
          port,
          min: fc.integer({ min: 1024, max: 30_000 }),
          max: fc.integer({ min: 30_000, max: 65_535 }),
        }),
        acceptList: fc.uniqueArray(fc.constantFrom("192.0.2.8", "2001:db8::8")),
        outboundProxyInDialog: fc.boolean(),
        dns: fc.record({
          type: fc.constantFrom("a" as const, "srv" as const, "naptr" as const),
          nameServers: fc.uniqueArray(fc.constantFrom("192.0.2.53", "192.0.2.54:5353")),
        }),
        dhcpOption120: fc.boolean(),
        registerSubscription: fc.record({ on: fc.boolean(), expirySeconds: fc.constantFrom(0, 60, 3600) }),
        servers: fc
          .uniqueArray(anyServer(transport), {
            minLength: count,
            maxLength: count,
            selector: place,
          })
          .map((list) => list.map((one, rank) => ({ ...one, name: serverName(rank), transport }))),
        lines: fc.uniqueArray(anyLine(count), {
          minLength: 1,
          maxLength: lines,
          selector: (line) => line.number,
        }),
      }),
    )
    .map((config) => structuredClone(config)); // plain objects
}

const anyTransport = fc.constantFrom("udp" as const, "tcp" as const, "tls" as const);

/** Half of them at the port that RFC 3261 §19.1.2 names. */
function anyServer(transport: "udp" | "tcp" | "tls") {
  const usual = transport === "tls" ? 5061 : 5060;
  return fc.oneof(
    fc.record({ host, port, domain: host }),
    fc.record({ host, port: fc.constant(usual), isDefaultPort: fc.constant(true as const), domain: host }),
  );
}

function place({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host} ${port}`;
}

function anyLine(servers: number): fc.Arbitrary<PhoneConfig["lines"][number]> {
  const held = fc.record({ account: word.map(trimmed), password: word.map(trimmed) });
  const same = held.map((one) => Array(servers).fill(one));
  const own = fc
    .array(fc.option(held), { minLength: servers, maxLength: servers })
    .filter((all) => all.some((one) => one));
  return fc.record({
    number,
    display: fc.option(word.map(trimmed)).map((text) => text ?? ""),
    credentials: fc.oneof(same, own),
  });
}

function trimmed(text: string): string {
  return text.trim() || "x";
}

function anyValue(row: Row): fc.Arbitrary<Value> {
  if (ORDERED.test(row.name)) return fc.constant(row.default);
  switch (row.kind) {
    case "number": {
      const range = fc.integer({ min: row.min, max: row.max });
      return row.zero === undefined ? range : fc.oneof(range, fc.constant(0));
    }
    case "switch":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...Object.keys(row.choices));
    case "text":
      throw new TypeError(`${row.name} is a text`);
  }
}
