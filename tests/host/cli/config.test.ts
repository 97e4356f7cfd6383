// The options that say which configuration: what the built program refuses before a phone starts.
import assert from "node:assert/strict";
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
