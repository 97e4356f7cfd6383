// The options that say which configuration: what the built program refuses before a phone starts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileWith, runProgram } from "../program.ts";

const FILE = fileWith(
  "phone.toml",
  `
[[servers]]
host = "192.0.2.1"
[[lines]]
phoneNumber = "6000"
password = "x"
`,
);

for (const key of [
  "password",
  "P34",
  "Password",
  "DBID_SIP_PASSWORD",
  "account.1.password",
  "lines.1.password",
  "lines.1.credentials.primary.password",
]) {
  test(`--param ${key}=.. is refused with 2, as a password never stands on the command line`, async () => {
    const param = ["--param", `${key}=hunter2`];
    for (const phone of [
      ["--config", FILE],
      ["--primary", "192.0.2.1", "--user", "6000"],
    ]) {
      const { code, stdout, stderr } = await runProgram(["check", ...phone, ...param]);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(`--param ${key}: a password never stands on the command line`), stderr);
      assert.match(stderr, /--password-file/);
      assert.doesNotMatch(stdout + stderr, /hunter2/);
    }
  });
}

const TORN = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

for (const [state, path, cause] of [
  ["is missing", "/nowhere/ca.pem", "cannot be read (ENOENT)"],
  ["is a directory", "/", "cannot be read (EISDIR)"],
  ["holds no certificate", fileWith("ca.pem", "none\n"), "holds no certificate"],
  ["holds a torn one", fileWith("ca.pem", TORN), "holds a certificate that is torn"],
] as const) {
  test(`a file of authorities that ${state} is refused with 2 before a phone starts`, async () => {
    const file = fileWith("phone.toml", `tlsCaFile = "${path}"\n${readFileSync(FILE, "utf8")}`);
    const words = ["--primary", "192.0.2.1", "--user", "6000", "--password-file", fileWith("secret", "x\n")];
    for (const [command, phone, where] of [
      [["check"], ["--config", file], `${file}:1`],
      [["check"], [...words, "--ca", path], "--ca"],
      [["run"], ["--config", file], `${file}:1`],
      [["run"], [...words, "--ca", path], "--ca"],
      [["drill", "--for", "90"], ["--config", file], `${file}:1`],
    ] as const) {
      const { code, stderr } = await runProgram([...command, ...phone]);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(`${where}: tlsCaFile = ${path} ${cause}; write the authority's`), stderr);
    }
    const { code, stdout } = await runProgram(["check", "--json", "--config", file]);
    assert.equal(code, 2);
    const { errors } = JSON.parse(stdout);
    assert.deepEqual([errors[0].code, errors[0].where], ["ca-file", `${file}:1`]);
  });
}

test("whatif needs no file of authorities: no connection is made in virtual time", async () => {
  const args = ["whatif", "--config", FILE, "--param", "tlsCaFile=/nowhere/ca.pem", "--until", "10"];
  assert.equal((await runProgram(args)).code, 0);
});
