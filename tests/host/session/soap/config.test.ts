// The configuration of an application session: what is read, and what each mistake is answered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeError } from "../../../../host/config/error.ts";
import { readSessionConfig } from "../../../../host/session/soap/config.ts";

const MAIN = '[main]\nhost = "192.0.2.1"\naccount = "a"\npassword = "secret-1"\npbxUser = "Queue"\n';
const STANDBY =
  '[standby]\nhost = "192.0.2.2"\nscheme = "http"\nport = 8080\naccount = "b"\npassword = "secret-2"\npbxUser = "Q2"\n';

function read(text: string) {
  return readSessionConfig(new TextEncoder().encode(text), "s.toml");
}

function mistakes(text: string): readonly string[] {
  const reading = read(text);
  return reading.kind === "refused" ? reading.errors.map(describeError) : [];
}

test("both servers, each with its own place and credentials", () => {
  const reading = read(`checkInterval = 10\n${MAIN}${STANDBY}`);
  assert.ok(reading.kind === "config", mistakes(`${MAIN}${STANDBY}`).join("\n"));
  const { main, standby, settings } = reading.config;
  assert.deepEqual(
    [main.host, main.port, main.secure, main.path],
    ["192.0.2.1", 443, true, "/PBX0/user.soap"],
  );
  assert.deepEqual(
    [standby?.port, standby?.secure, standby?.account, standby?.pbxUser],
    [8080, false, "b", "Q2"],
  );
  assert.equal(settings.checkInterval, 10);
  assert.equal(settings.echoInterval, 10);
});

test("an empty standby field takes the second server out, whatever else stands there", () => {
  for (const text of [MAIN, `${MAIN}${STANDBY.replace("192.0.2.2", "")}`, `${MAIN}[standby]\n`]) {
    const reading = read(text);
    assert.ok(reading.kind === "config", text);
    assert.equal(reading.config.standby, undefined);
  }
});

const MISTAKES: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["", ["s.toml: the file is empty; docs/session.md shows what belongs in it"]],
  [
    "[main]\n",
    [
      "s.toml: main.host is missing; set it: name or address of the PBX",
      "s.toml: main.account is missing; set it: account of the HTTP requests",
      "s.toml: main.pbxUser is missing; set it: the user object that is logged in to",
      "s.toml: main.password is missing; set it, or passwordFile",
    ],
  ],
  [`${MAIN}passwordFile = "p"\n`, ["s.toml:6: main has both password and passwordFile; keep one of them"]],
  [
    `${MAIN}${STANDBY.replace("192.0.2.2", "192.0.2.1").replace("8080", "443")}`,
    [
      "s.toml:7: standby.host = 192.0.2.1 is the main server itself; name the other PBX, or leave it empty for none",
    ],
  ],
  [`chekInterval = 10\n${MAIN}`, ["s.toml:1: unknown key chekInterval; did you mean checkInterval?"]],
  [`${MAIN}hots = "x"\n`, ["s.toml:6: unknown key main.hots; did you mean host?"]],
  [`${MAIN}[stanby]\n`, ["s.toml:6: unknown key stanby; did you mean standby?"]],
  [`${MAIN}[stanby]\nhost = "192.0.2.2"\n`, ["s.toml:7: unknown key stanby.host; did you mean standby?"]],
  ...["PBX0/user.soap", "/a b", "http://192.0.2.9/", "/ä"].map(
    (path) =>
      [
        `${MAIN}path = '${path}'\n`,
        [
          `s.toml:6: main.path = ${path} is no path; begin it with / as in /PBX0/user.soap, and write blanks and other letters as %20 and the like`,
        ],
      ] as const,
  ),
  [
    `${MAIN}port = 70000\n`,
    [
      "s.toml:6: main.port = 70000, allowed 0 or 1..65535; choose a whole number in that range; 0 means: 443 for https, 80 for http",
    ],
  ],
  [
    `checkInterval = 61\n${MAIN}`,
    ["s.toml:1: checkInterval = 61, allowed 1..60 s; choose a whole number in that range"],
  ],
  [
    `checkInterval = 30\n${MAIN}`,
    [
      "s.toml:1: the return to the main server would take up to 70000 ms, allowed up to 60000 ms; lower checkInterval, probesInRow or httpTimeout",
    ],
  ],
];

for (const [text, expected] of MISTAKES) {
  test(`refused: ${expected[0]}`, () => {
    assert.deepEqual(mistakes(text), expected);
  });
}

test("no mistake shows a password", () => {
  const text = `${MAIN}${STANDBY}`.replaceAll("secret-1", "secret-1\\u0007").replace('"secret-2"', "true");
  const found = mistakes(text);
  assert.equal(found.length, 2);
  assert.ok(!found.join().includes("secret"), found.join());
});
