// `standfast replay` as somebody types it: what it prints, what it refuses, and with which code it ends.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { temporaryFolder } from "../folder.ts";
import { fileWith, runProgram } from "../program.ts";
import type { Ended } from "../running.ts";
import { forged } from "./recording.ts";

const CONFIG = `proxyServer = "example.com"
registerRefreshInterval = 120
natKeepalive = 0
[[servers]]
host = "192.0.2.10"
[[servers]]
host = "192.0.2.11"
[[lines]]
phoneNumber = "6000"
password = "first secret"
`;

let folder: string;
let file: string;
let lines: readonly string[];

before(async () => {
  folder = temporaryFolder();
  file = join(folder, "phone.rec");
  const { code } = await whatif(file);
  assert.equal(code, 0);
  lines = readFileSync(file, "latin1").split("\n").slice(0, -1);
});

function whatif(path: string): Promise<Ended> {
  const config = fileWith("phone.toml", CONFIG);
  const words = ["--outage", "primary@100..400", "--until", "300", "--record", path];
  return runProgram(["whatif", "--config", config, ...words]);
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const replay = (...words: string[]): Promise<Ended> => runProgram(["replay", ...words]);

test("each decision is explained, and in the end all was the same", async () => {
  const { code, stdout, stderr } = await replay(file);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  const said = stdout.split("\n");
  assert.equal(said[0], "recorded 1970-01-01T00:00:00.000Z by standfast 0.1.0: primary, backup1; 6000");
  assert.ok(said.includes("  122.000  6000 moved to backup1: away from primary; refresh in 1:00"), stdout);
  assert.match(stdout, /\n\n\d+ inputs, \d+ outputs, the same\n$/);
});

test("--until stops there, and compares what stands before", async () => {
  const { code, stdout } = await replay(file, "--until", "100");
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /moved/);
  assert.match(stdout, /, the same\n$/);
});

test("a difference is shown with both sides, and ends with 1", async () => {
  const index = lines.findIndex((line) => / 122000 < send 1 0 REGISTER /.test(line));
  const other = (lines[index] as string).replace("Max-Forwards: 70", "Max-Forwards: 71");
  const path = written("other.rec", forged(lines.with(index, other)));
  const { code, stdout } = await replay(path);
  assert.equal(code, 1);
  const said = stdout.split("\n");
  const at = said.indexOf(`  122.000  not the same, line ${index + 1} of the file`);
  assert.ok(at > 0, stdout);
  assert.match(said[at + 1] ?? "", /^ {2}recorded {2}\.\..{40}1\\r\\n/);
  assert.match(said[at + 2] ?? "", /^ {2}now {7}\.\..{40}0\\r\\n/);
  assert.match(said[at + 3] ?? "", /^before it \d+ inputs, \d+ outputs$/);

  const json = await replay(path, "--json");
  assert.equal(json.code, 1);
  const [difference, last] = json.stdout
    .trim()
    .split("\n")
    .slice(-2)
    .map((line) => JSON.parse(line));
  assert.deepEqual([difference.type, difference.line, difference.t], ["difference", index + 1, 122_000]);
  assert.ok(difference.recorded.includes("Max-Forwards: 71") && difference.now.includes("Max-Forwards: 70"));
  assert.deepEqual([last.type, last.same], ["replayed", false]);
});

test("a damaged record is told with its line and its byte, and ends with 1", async () => {
  const bytes = readFileSync(file);
  const at = bytes.indexOf("\n", bytes.length / 2) + 1;
  bytes[at + 12] = (bytes[at + 12] ?? 0) ^ 1;
  const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  const path = written("damaged.rec", bytes);
  const { code, stdout, stderr } = await replay(path);
  assert.equal(code, 1);
  assert.match(stdout, /\d+ inputs, \d+ outputs, the same\n$/);
  assert.equal(stderr, `standfast: ${path}:${line}: damaged from byte ${at} on; replayed up to there\n`);
});

// The last refresh is at 122 + 2 * 60 s, and 1 s later (registerSpacing) another attempt would be allowed.
test("one that is cut off is the same up to there, says so, and ends with 0", async () => {
  const path = written("cut.rec", readFileSync(file).subarray(0, -30));
  const { code, stdout, stderr } = await replay(path);
  assert.equal(code, 0);
  assert.match(stdout, /, the same\n$/);
  assert.equal(stderr, `standfast: ${path}: cut off after 243.000 s: the run was killed, or still goes on\n`);
});

test("one that ends before anything came out compares nothing, and ends with 1", async () => {
  const start = lines.findIndex((line) => line.endsWith(" > start"));
  for (const [name, count] of [
    ["none.rec", 0],
    ["head.rec", 5],
    ["configured.rec", start],
  ] as const) {
    const path = written(
      name,
      Buffer.from(
        lines
          .slice(0, count)
          .map((line) => `${line}\n`)
          .join(""),
      ),
    );
    const { code, stderr } = await replay(path);
    assert.equal(code, 1, name);
    assert.match(stderr, /before anything was recorded|nothing came out that could be compared/);
  }
});

test("what is none, and what has another format or another interface, is refused in words with 2", async () => {
  const refused: readonly [name: string, bytes: Uint8Array, words: RegExp][] = [
    [
      "x.toml",
      Buffer.from(CONFIG),
      /it is no recording of standfast; standfast run --record FILE writes one/,
    ],
    [
      "f2.rec",
      Buffer.from("standfast recording 2\n"),
      /its format is 2, this program reads 1; use the version/,
    ],
    [
      "abi.rec",
      forged(lines.map((line) => line.replace("# abi 1", "# abi 7"))),
      /its module speaks version 7 of the interface, this program 1; use standfast 0\.1\.0/,
    ],
  ];
  for (const [name, bytes, words] of refused) {
    const { code, stdout, stderr } = await replay(written(name, bytes));
    assert.equal(code, 2, name);
    assert.equal(stdout, "");
    assert.match(stderr, words);
  }
  assert.equal((await replay(join(folder, "nowhere.rec"))).code, 2);
});

test("another module is refused with 2, given with --module, and compared with --any-module", async () => {
  const other = "0".repeat(64);
  const path = written(
    "module.rec",
    forged(lines.map((line) => line.replace(/# module \w+/, `# module ${other}`))),
  );
  const refused = await replay(path);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /recorded with module 0{12} \(standfast 0\.1\.0\), replayed with [0-9a-f]{12}; give the/,
  );
  const compared = await replay(path, "--any-module");
  assert.equal(compared.code, 0);
  assert.match(compared.stderr, /recorded with module 0{12}/);
  assert.match(compared.stdout, /, the same\n$/);
  assert.equal((await replay(file, "--module", "build/standfast.wasm")).code, 0);
  const wrong = await replay(file, "--module", path, "--any-module");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /module\.rec: it is no module/);
});

test("whatif --record keeps an earlier recording, and leaves anything else alone", async () => {
  const again = join(folder, "again.rec");
  await whatif(again);
  const first = readFileSync(again);
  await whatif(again);
  assert.deepEqual(readFileSync(`${again}.1`), first);
  assert.deepEqual(readFileSync(again), first, "the same run gives the same bytes");
  assert.equal(statSync(again).mode & 0o777, 0o600);
  const precious = fileWith("precious", "precious");
  const { code, stderr } = await whatif(precious);
  assert.equal(code, 1);
  assert.match(stderr, /it is no recording, and is left as it is/);
  assert.equal(readFileSync(precious, "utf8"), "precious");
  assert.equal(existsSync(`${precious}.1`), false);
});
