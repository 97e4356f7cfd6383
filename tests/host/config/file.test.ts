// Bytes on disk, passwords beside the configuration, and what is fit to be shown.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { describeError, describeIgnored } from "../../../host/config/error.ts";
import { readConfigFile, readPasswordFile } from "../../../host/config/file.ts";
import { redacted } from "../../../host/config/model.ts";
import { readConfig } from "../../../host/config/read.ts";
import { accepted, complaints, leaves, reading } from "./readings.ts";

const folder = mkdtempSync(join(tmpdir(), "standfast-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const REST = "outboundServer = a\nphoneNumber = 6000\n";

for (const [bytes, message] of [
  [
    Buffer.from(`${REST}displayName = \xe9t\xe9\n`, "latin1"),
    "a.cfg:3: the text is not UTF-8; save the file as UTF-8",
  ],
  [Buffer.from("\ufeffa = 1\n", "utf16le"), "a.cfg:1: the text is not UTF-8; save the file as UTF-8"],
  [Buffer.from("t1 = 500\n\xff", "latin1"), "a.cfg:2: the text is not UTF-8; save the file as UTF-8"],
  [Buffer.from(""), "a.cfg: the file is empty; docs/example.toml shows what belongs in it"],
  [Buffer.from("\ufeff \r\n\t\n"), "a.cfg: the file is empty; docs/example.toml shows what belongs in it"],
] as const) {
  test(`refused bytes: ${message}`, () => {
    assert.deepEqual(complaints(readConfig(bytes, "a.cfg")), [message]);
  });
}

test("a file that cannot be read says why and how to go on", () => {
  for (const [path, why] of [
    [join(folder, "missing.toml"), "there is no such file"],
    [folder, "it is a directory"],
  ] as const) {
    assert.deepEqual(complaints(readConfigFile(path)), [
      `${path}: the configuration cannot be read: ${why}; check the path and its permissions`,
    ]);
    const password = readPasswordFile(path);
    assert.equal(
      password.kind === "refused" && describeError(password.error),
      `${path}: the password file cannot be read: ${why}; check the path and its permissions`,
    );
  }
});

test("a password file gives its first line, to lines without a password of their own", () => {
  const path = file("secret", "from the file\r\nmore\n");
  const password = readPasswordFile(path);
  assert.deepEqual(password, { kind: "password", password: "from the file" });
  const text = `${REST}lines.2.phoneNumber = 6001\nlines.2.password = own\n`;
  const config = accepted(readConfigFile(file("a.cfg", text), { password: "from the file" }));
  assert.deepEqual(
    config.lines.map(({ credentials }) => credentials[0]?.password),
    ["from the file", "own"],
  );
});

for (const content of ["", "\n", "\r\nsecond line\n"]) {
  test(`a password file without a first line is refused: ${JSON.stringify(content)}`, () => {
    const path = file("empty", content);
    const password = readPasswordFile(path);
    assert.equal(
      password.kind === "refused" && describeError(password.error),
      `${path}: the password file has nothing on its first line; write the password there`,
    );
  });
}

test("a password file has the bounds of a password, and its message does not show it", () => {
  assert.equal(readPasswordFile(file("longest", "x".repeat(49))).kind, "password");
  for (const [content, why] of [
    ["x".repeat(50), "is 50 bytes long; allowed 0..49 bytes; shorten it"],
    ["a\tb", "holds a control character"],
  ] as const) {
    const path = file("bad", content);
    const password = readPasswordFile(path);
    assert.equal(password.kind, "refused");
    const text = password.kind === "refused" ? describeError(password.error) : "";
    assert.ok(text.startsWith(`${path}:1: the password `), text);
    assert.ok(text.includes(why.split(";")[0] ?? ""), text);
    assert.ok(!text.includes(content), text);
  }
});

test("what is shown of a configuration holds no password, and says where one is missing", () => {
  const text = `[[servers]]\nhost = "a"\n[[servers]]\nhost = "b"\n[[lines]]\nphoneNumber = "6000"
credentials.primary.password = "hidden-one"\n[[lines]]\nphoneNumber = "6001"\npassword = "hidden-two"\n`;
  const config = accepted(reading(text, "a.toml"));
  const shown = redacted(config);
  assert.deepEqual(
    shown.lines.map(({ credentials }) => credentials),
    [
      [{ account: "6000", password: "***" }, null],
      [
        { account: "6001", password: "***" },
        { account: "6001", password: "***" },
      ],
    ],
  );
  assert.deepEqual(
    leaves(shown).filter((leaf) => leaf.includes("hidden")),
    [],
  );
  assert.deepEqual({ ...shown, lines: [] }, { ...config, lines: [] });
});

test("an ignored key is told in one line", () => {
  const it = reading(`SRTP = 1\n${REST}password = p\n`, "a.cfg");
  assert.deepEqual(it.kind === "accepted" && it.ignored.map(describeIgnored), [
    "a.cfg:1: SRTP is ignored: belongs to the media of calls",
  ]);
});
