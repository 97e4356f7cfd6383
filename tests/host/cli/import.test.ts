// The commands import and export as a user types them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileWith, runProgram } from "../program.ts";

const FILE = [
  "account.1.user_name = 6000",
  "account.1.password = correct horse",
  "account.1.sip_server.1.address = pbx.example",
  "account.1.sip_server.2.address = backup.example",
  "account.1.sip_server.1.retry_counts = 2",
  "account.1.sip_server.1.failback_mode = 0",
  "phone_setting.backlight = 1",
].join("\r\n");

test("a file goes in, our TOML comes out, and is accepted; the report has no password", async () => {
  const path = fileWith("phone.cfg", FILE);
  const { code, stdout, stderr } = await runProgram(["import", path]);
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    'preferPrimary = true\n\n[[servers]]\nhost = "pbx.example"\n\n[[servers]]\nhost = "backup.example"\n\n' +
      '[[lines]]\nphoneNumber = "6000"\npassword = "correct horse"\n',
  );
  assert.match(stderr, /: read as yealink\n/);
  assert.match(stderr, /phone\.cfg:6: account\.1\.sip_server\.1\.failback_mode: approximated: 0 tries/);
  assert.match(stderr, /phone\.cfg:7: phone_setting\.backlight: unknown/);
  assert.doesNotMatch(stderr, /correct horse/);
  const toml = fileWith("phone.toml", stdout);
  const checked = await runProgram(["check", "--config", toml, "--no-resolve"]);
  assert.equal(checked.code, 0, checked.stderr);
  const out = await runProgram(["export", "--config", toml, "--to", "grandstream"]);
  assert.equal(out.code, 0, out.stderr);
  assert.match(out.stdout, /^P47 = pbx\.example$/m);
  assert.match(out.stdout, /^P967 = backup\.example$/m);
  assert.match(out.stdout, /^P34 = correct horse$/m);
  assert.doesNotMatch(out.stderr, /correct horse/);
});

test("a value out of the maker's range is refused, and nothing comes out", async () => {
  const { code, stdout, stderr } = await runProgram(
    ["import", "-"],
    FILE.replace("retry_counts = 2", "retry_counts = 21"),
  );
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /stdin:5: account\.1\.sip_server\.1\.retry_counts = 21, allowed 0\.\.20; /);
});

test("the other form out, and a hidden 0 is kept and warned about", async () => {
  const text =
    "DBID_ALTER_SIP_SERVER_HOSTNAME = a.example\nDBID_SIP_PHONE_NUM = 1\nDBID_SIP_REGISTER_TIMEOUT_TIMER = 0\n";
  const secret = fileWith("secret", "pw\n");
  const { code, stdout, stderr } = await runProgram(
    ["import", "-", "--out", "keyvalue", "--password-file", secret],
    text,
  );
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    'registerTimeout = 0\nservers.primary.host = "a.example"\nlines.1.phoneNumber = "1"\nlines.1.password = "pw"\n',
  );
  assert.match(stderr, /warning: registerTimeout: .*32/);
});

test("a file that is not there, and a form that nobody has, are mistakes of the caller", async () => {
  assert.equal((await runProgram(["import", "/nowhere/phone.cfg"])).code, 2);
  assert.equal((await runProgram(["import", "-", "--from", "polycom"], FILE)).code, 2);
  assert.equal((await runProgram(["export", "--to", "polycom"])).code, 2);
});
