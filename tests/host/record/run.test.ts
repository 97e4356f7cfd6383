// The program records a real run and replays it: failover and return over real sockets, and a kill in the middle.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { Authority, type Issued } from "../../../host/node/certificates.ts";
import { temporaryFolder } from "../folder.ts";
import { type Over, openPair, PASSWORD, type Pair } from "../pair.ts";
import { fileWith, Program, runProgram, tomlFor } from "../program.ts";
import { until } from "../until.ts";

let identity: Issued;
let caFile: string;

before(async () => {
  const authority = await Authority.create();
  identity = await authority.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
  caFile = fileWith("ca.pem", authority.certificate);
});

interface Recorded {
  readonly pair: Pair;
  readonly program: Program;
  readonly file: string;
}

/** A phone in service on the primary, recorded. */
async function start(t: TestContext, transport: Over["transport"], file?: string): Promise<Recorded> {
  const path = file ?? join(temporaryFolder(), "phone.rec");
  const pair = await openPair(t, ["6000"], undefined, { transport, identity });
  const over = transport === "tls" ? ["--param", `tlsCaFile=${caFile}`] : [];
  const config = ["--config", tomlFor(pair), "--param", `transport=${transport}`, ...over];
  const program = new Program(["run", ...config, "--json", "--record", path]);
  t.after(() => program.child.kill("SIGKILL"));
  await program.until((it) => countOf(it, "inService") === 1);
  return { pair, program, file: path };
}

function countOf(program: Program, type: string): number {
  return program.events.filter((event) => event.type === type).length;
}

async function stop(program: Program): Promise<void> {
  program.interrupt();
  assert.equal((await program.end()).code, 0);
}

/** What a replay prints with --json: events, and what stands in the last line. */
async function replay(file: string, ...words: string[]) {
  const { code, stdout, stderr } = await runProgram(["replay", file, "--json", ...words]);
  const [hello, ...rest] = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { code, stderr, hello, events: rest.slice(0, -1), last: rest.at(-1) };
}

describe("a run that fails over, returns and is killed replays up to there", { concurrency: true }, () => {
  for (const transport of ["udp", "tls"] as const) {
    test(transport, async (t) => {
      const { pair, program, file } = await start(t, transport);
      pair.primary.die();
      await program.until((it) => countOf(it, "moved") === 1);
      await pair.primary.restart();
      await program.until((it) => countOf(it, "moved") === 2);
      const isKept = (): boolean => (readFileSync(file, "latin1").match(/ < event /g)?.length ?? 0) >= seen;
      const seen = program.events.length - 1;
      await until(isKept);
      program.child.kill("SIGKILL");
      await program.end();

      const { code, stderr, hello, events, last } = await replay(file);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /cut off after \d+\.\d{3} s: the run was killed, or still goes on/);
      assert.equal(last.same, true);
      assert.ok(last.inputs > 60 && last.outputs > 20, JSON.stringify(last));
      // What came at the end may have reached the one and not the other.
      const both = Math.min(events.length, program.events.length - 1);
      assert.ok(both >= seen, `${events.length} events of ${seen}`);
      assert.deepEqual(events.slice(0, both), program.events.slice(1, 1 + both));
      const sinceMs = Date.now() - Date.parse(hello.startedAt);
      assert.ok(sinceMs >= 0 && sinceMs < 300_000, `begun ${sinceMs} ms ago`);
      assertNoSecrets(readFileSync(file));
    });
  }
});

function assertNoSecrets(bytes: Buffer): void {
  const text = bytes.toString("latin1");
  assert.equal(text.includes(PASSWORD), false);
  const responses = [...text.matchAll(/response="([^"]*)"/g)].map(([, value]) => value);
  assert.ok(responses.length >= 4, `${responses.length} responses`);
  assert.deepEqual(
    responses.filter((value) => !/^0{32}(0{32})?$/.test(value ?? "")),
    [],
  );
}

test("a run that is stopped leaves a whole recording that only its owner may read", async (t) => {
  const { program, file } = await start(t, "udp");
  program.type("move backup1");
  await program.until((it) => countOf(it, "moved") === 1);
  await stop(program);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, "latin1"), / # end\n$/);
  const { code, stderr, events } = await replay(file);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.deepEqual(events, program.events.slice(1));
});

test("an earlier recording is kept beside the new one", async (t) => {
  const file = fileWith("phone.rec", "standfast recording 1\nthat of a crash");
  await stop((await start(t, "udp", file)).program);
  assert.equal(readFileSync(`${file}.1`, "latin1"), "standfast recording 1\nthat of a crash");
  assert.equal((await replay(file)).code, 0);
});

/** What a phone says of a recording that it cannot write; it is in service all the same. */
async function saidOf(t: TestContext, file: string): Promise<string[]> {
  const { program } = await start(t, "udp", file);
  await program.until(({ stderr }) => stderr.includes(file));
  await stop(program); // there is more to be recorded
  return program.stderr.split("\n").filter((line) => line.includes(file));
}

test("a disk that is full is told once, and the phone goes on", async (t) => {
  assert.deepEqual(await saidOf(t, "/dev/full"), [
    "standfast: /dev/full: it cannot be written: ENOSPC: no space left on device, write; " +
      "the recording ends here, the phone goes on",
  ]);
});

test("a folder that is not there is told once, and the phone goes on", async (t) => {
  const said = await saidOf(t, join(temporaryFolder(), "nowhere", "phone.rec"));
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /ENOENT.*; the recording ends here, the phone goes on$/);
});

test("a file that is no recording is left as it is", async (t) => {
  const file = fileWith("precious", "precious");
  const said = await saidOf(t, file);
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /it is no recording, and is left as it is; .* the phone goes on$/);
  assert.equal(readFileSync(file, "utf8"), "precious");
});

test("a pipe that nobody reads is told, and holds nothing up", async (t) => {
  const file = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [file]);
  const said = await saidOf(t, file);
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /ENXIO.*; the recording ends here, the phone goes on$/);
});
