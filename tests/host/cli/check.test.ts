// `standfast check` and `params`: promises, refusals and exit codes of the built program.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileWith, runProgram } from "../program.ts";

const OPTIMAL = `
registerRefreshInterval = 120
primaryDetectInterval = 90
maxDetectFailCount = 1
preferPrimary = true
[[servers]]
host = "192.0.2.1"
[[servers]]
host = "192.0.2.2"
[[lines]]
phoneNumber = "6000"
password = "hunter2"
`;

test("the optimal settings of the manual promise 62 s and 88.5 s", async () => {
  const { code, stdout, stderr } = await runProgram([
    "check",
    "--config",
    fileWith("phone.toml", OPTIMAL),
    "--json",
  ]);
  assert.equal(code, 0, stderr);
  const judgement = JSON.parse(stdout);
  assert.equal(judgement.detectMs, 62_000);
  assert.equal(judgement.returnMs, 88_500);
  assert.deepEqual(judgement.warnings, []);
  assert.ok(judgement.perHourQuiet > 0 && judgement.perHourWorst > judgement.perHourQuiet);
});

test("for people it says the same in words", async () => {
  const { code, stdout } = await runProgram(["check", "--config", fileWith("phone.toml", OPTIMAL)]);
  assert.equal(code, 0);
  assert.match(stdout, /accepted, 1 line, 2 servers/);
  assert.match(stdout, /silent primary is noticed within +62 s/);
  assert.match(stdout, /back on a primary that recovered within +88\.5 s/);
});

test("over TCP a broken connection has a line of its own", async () => {
  const file = fileWith("phone.toml", OPTIMAL.replaceAll('host = "192', 'transport = "tcp"\nhost = "192'));
  const { stdout } = await runProgram(["check", "--config", file]);
  assert.match(stdout, /broken connection that is refused next within +1 s/);
});

test("a warning does not refuse", async () => {
  const { code, stdout } = await runProgram([
    ...["check", "--config", fileWith("phone.toml", OPTIMAL), "--json"],
    ...["--param", "primaryDetectInterval=0", "--param", "registerRefreshInterval=1800"],
  ]);
  assert.equal(code, 0);
  const { detectMs, warnings } = JSON.parse(stdout);
  assert.equal(detectMs, 902_000);
  assert.equal(warnings[0].code, "slow-detection");
});

test("a mistake is refused with 2, each with its line and the way out, and passwords are never printed", async () => {
  const file = fileWith("phone.toml", OPTIMAL.replace("= 1\n", "= 200\n").replace("192.0.2.2", "not a host"));
  for (const extra of [[], ["--json"]]) {
    const { code, stdout, stderr } = await runProgram(["check", "--config", file, ...extra]);
    assert.equal(code, 2);
    const said = stdout + stderr;
    assert.match(said, /phone\.toml:4/);
    assert.match(said, /0\.\.100/);
    assert.match(said, /not a host/);
    assert.doesNotMatch(said, /hunter2/);
  }
});

test("a file that is not there is refused with 2", async () => {
  const { code, stderr } = await runProgram(["check", "--config", "/nowhere/phone.toml"]);
  assert.equal(code, 2);
  assert.match(stderr, /\/nowhere\/phone\.toml: .*no such file/);
});

test("params lists every parameter and explains one", async () => {
  const list = await runProgram(["params"]);
  assert.equal(list.code, 0);
  assert.match(list.stdout, /primaryDetectInterval +0 s +0 or 5\.\.86400 s/);
  const one = await runProgram(["params", "primaryDetectInterval"]);
  assert.match(one.stdout, /source +RFC 3261 §11/);
  const all = JSON.parse((await runProgram(["params", "--json"])).stdout);
  assert.ok(all.params.some(({ name }: { name: string }) => name === "flapDamping"));
  assert.ok(all.ignored.length > 0);
});

test("params of an unknown name suggests one", async () => {
  const { code, stderr } = await runProgram(["params", "detect"]);
  assert.equal(code, 2);
  assert.match(stderr, /no parameter "detect"; did you mean primaryDetectInterval or /);
});

for (const [name, args, code] of [
  ["no command", [], 2],
  ["an unknown command", ["dance"], 2],
  ["an unknown option", ["check", "--dance"], 2],
  ["no configuration", ["run"], 2],
  ["both a file and servers", ["run", "--config", "x.toml", "--primary", "192.0.2.1"], 2],
  ["a wait that is no number", ["run", "--config", "x.toml", "--wait", "soon"], 2],
  ["a drill without a time", ["drill", "--config", "x.toml"], 2],
  ["help", ["--help"], 0],
  ["version", ["--version"], 0],
] as const) {
  test(`${name} ends with ${code} and says something`, async () => {
    const ended = await runProgram(args);
    assert.equal(ended.code, code, ended.stderr);
    assert.notEqual(ended.stdout + ended.stderr, "");
  });
}

for (const command of ["run", "check", "params", "whatif", "drill", "demo"]) {
  test(`${command} --help has examples`, async () => {
    const { code, stdout } = await runProgram([command, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`Examples:\n  standfast ${command}`));
  });
}

test("a file with a mistake in each of its lines is told in full; a larger one is refused unread", async () => {
  const lines = 200_000;
  const long = await runProgram(["check", "--config", fileWith("long.cfg", "a\n".repeat(lines))]);
  assert.equal(long.code, 2);
  assert.doesNotMatch(long.stderr, /RangeError|\n {4}at /);
  assert.equal(long.stderr.match(/long\.cfg:\d+: /g)?.length, lines);
  for (const command of [["check", "--config"], ["import"]]) {
    const { code, stdout, stderr } = await runProgram([
      ...command,
      fileWith("huge.cfg", "#".repeat(1_048_577)),
    ]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /huge\.cfg: the file has 1048577 bytes, allowed up to 1048576 bytes; give the config/,
    );
  }
});
