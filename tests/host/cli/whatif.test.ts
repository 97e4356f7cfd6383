// `standfast whatif`: timelines of the manual's optimal settings through the built program.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileWith, runProgram } from "../program.ts";

const FILE = fileWith(
  "phone.toml",
  `
registerRefreshInterval = 120
primaryDetectInterval = 90
maxDetectFailCount = 1
preferPrimary = true
detectPhase = "fixed"
[[servers]]
host = "192.0.2.1"
[[servers]]
host = "192.0.2.2"
[[lines]]
phoneNumber = "6000"
password = "x"
`,
);

test("an outage of 100..400 s: away at 122.0, back at 450.0", async () => {
  const startedAt = performance.now();
  const { code, stdout } = await runProgram([
    "whatif",
    "--config",
    FILE,
    "--outage",
    "primary@100..400",
    "--json",
  ]);
  const tookMs = performance.now() - startedAt;
  assert.equal(code, 0);
  const [hello, ...events] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(hello.type, "hello");
  assert.equal(hello.schema, 1);
  const told = events
    .filter(({ type }) => ["inService", "outOfService", "moved", "serverDown"].includes(type))
    .map(({ t, type, server }) => `${t} ${type} ${server}`);
  assert.deepEqual(
    told.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1)),
    [
      "0 inService primary",
      "122000 inService backup1",
      "122000 moved backup1",
      "122000 outOfService primary",
      "122000 serverDown primary",
      "450000 moved primary",
    ],
  );
  assert.ok(tookMs < 5000, `a quarter of an hour in virtual time took ${tookMs} ms`);
});

test("the same run prints the same bytes", async () => {
  const args = ["whatif", "--config", FILE, "--outage", "primary@100..400", "--json"];
  assert.equal((await runProgram(args)).stdout, (await runProgram(args)).stdout);
});

test("for people it ends with the gap and the return", async () => {
  const { stdout } = await runProgram(["whatif", "--config", FILE, "--outage", "primary@100..400"]);
  assert.match(stdout, /122\.000 +6000 moved to backup1: away from primary/);
  assert.match(stdout, /without service: 22\.000 s in all \(22\.000 s from 100\.000 s\)/);
  assert.match(stdout, /back on the primary at 450\.000 s/);
});

test("a scenario comes from a file, from stdin or from the command line", async () => {
  const text = "100 primary refuses\n400 primary back\n";
  const args = ["whatif", "--config", FILE, "--json", "--scenario"];
  const fromFile = await runProgram([...args, fileWith("night.txt", text)]);
  const fromStdin = await runProgram([...args, "-"], text);
  const fromWords = await runProgram([...args, text.replace("\n", "; ")]);
  assert.match(fromFile.stdout, /"t":120000,"type":"serverDown","server":"primary"/); // ICMP: no time-out
  assert.equal(fromStdin.stdout, fromFile.stdout);
  assert.equal(fromWords.stdout, fromFile.stdout);
});

test("a parameter may be tried without touching the file", async () => {
  const { stdout } = await runProgram([
    ...["whatif", "--config", FILE, "--outage", "primary@100", "--json"],
    ...["--param", "registerRefreshInterval=1800"],
  ]);
  assert.match(stdout, /"t":272000,"type":"serverDown"/);
});

for (const [name, args, message] of [
  ["an outage of nobody", ["--outage", "mainframe@100"], /no server "mainframe"; there are primary, backup1/],
  [
    "an outage that is none",
    ["--outage", "primary"],
    /--outage "primary" is no outage; write primary@100\.\.400/,
  ],
  [
    "an outage of a server that is not configured",
    ["--outage", "primary@1", "--outage", "backup3@5"],
    /--outage backup3@5: no server "backup3"; there are primary, backup1\n/,
  ],
  [
    "an outage after more than a century",
    ["--outage", "primary@4000000000"],
    /--outage primary@4000000000: 4000000000 s is later than 3200000000 s\n/,
  ],
  ["a seed that is none", ["--seed", "-1"], /'-1' is invalid\. give a whole number above 0\n/],
  ["a seed that is not whole", ["--seed", "1.5"], /'1\.5' is invalid\. give a whole number above 0\n/],
  ["an unknown verb", ["--scenario", "100 primary sings"], /scenario:1: /],
  [
    "a file that is not there",
    ["--scenario", "night.txt"],
    /night\.txt: the scenario cannot be read \(ENOENT\)/,
  ],
] as const) {
  test(`${name} is refused with 2`, async () => {
    const { code, stderr } = await runProgram(["whatif", "--config", FILE, ...args]);
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
}
