// `standfast session` and two PBX services, each in a process of its own, over HTTP and HTTPS: main is killed and started
// again, and the program is told to stop.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { Authority } from "../../../host/node/certificates.ts";
import { temporaryFolder } from "../../host/folder.ts";
import { freePorts } from "../../host/ports.ts";
import { Program, runProgram } from "../../host/program.ts";

/** As short as a server may be silent for on a busy machine: a killed one refuses at once. */
const SHORT = "httpTimeout = 5000\nechoInterval = 5\ncheckInterval = 5\nretryInterval = 1\n";

/** A configuration, and what it takes to start one of its servers. */
async function setup(secure: boolean) {
  const folder = temporaryFolder();
  const lines = [SHORT];
  for (const name of ["main", "standby"]) {
    lines.push(
      `[${name}]`,
      'host = "127.0.0.1"',
      `port = ${await freePorts()}`,
      `scheme = "${secure ? "https" : "http"}"`,
    );
    lines.push(`account = "account-${name}"`, `passwordFile = "${name}.secret"`, `pbxUser = "Queue ${name}"`);
    writeFileSync(join(folder, `${name}.secret`), `password of ${name}\n`);
    if (!secure) continue;
    const authority = await Authority.create(name);
    const { certificate, key } = await authority.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
    for (const [file, text] of [
      ["ca", authority.certificate],
      ["crt", certificate],
      ["key", key],
    ]) {
      writeFileSync(join(folder, `${name}.${file}`), text ?? "");
    }
    lines.push(`tlsCaFile = "${name}.ca"`);
  }
  const config = join(folder, "session.toml");
  writeFileSync(config, `${lines.join("\n")}\n`);
  const identity = (name: string) =>
    secure ? ["--certificate", join(folder, `${name}.crt`), "--key", join(folder, `${name}.key`)] : [];
  return {
    config,
    pbx: async (t: TestContext, name: string) => {
      const program = new Program(["session", config, "--serve", name, ...identity(name)]);
      t.after(() => program.child.kill("SIGKILL"));
      await program.until(({ stdout }) => stdout.includes("serving on"));
      return program;
    },
  };
}

/** All at the same time: they mostly wait. */
describe("standfast session", { concurrency: true }, () => {
  for (const secure of [false, true]) {
    test(`over HTTP${secure ? "S" : ""}: killed, on standby, back, and a proper end`, async (t) => {
      const { config, pbx } = await setup(secure);
      const main = await pbx(t, "main");
      await pbx(t, "standby");
      const session = new Program(["session", config, "--json"]);
      t.after(() => session.child.kill("SIGKILL"));
      const reaches = (state: string, times: number) =>
        session.until(
          ({ events }) => events.filter(({ type, to }) => type === "state" && to === state).length === times,
        );

      await reaches("main", 1);
      main.child.kill("SIGKILL");
      await reaches("standby", 1);
      await pbx(t, "main");
      await reaches("main", 2);
      session.interrupt();
      const { code, stdout, stderr } = await session.end();
      assert.equal(code, 0, stderr);

      const events = session.events;
      assert.equal(events[0]?.type, "hello");
      const states = events.flatMap(({ type, to }) => (type === "state" ? [to] : []));
      assert.deepEqual(states.slice(-4), ["returning", "main", "ending", "over"]);
      assert.deepEqual(
        events.flatMap(({ type, banner }) => (type === "banner" ? [banner] : [])),
        ["noPbx", "standby", "none"],
      );
      const { t: closedAt } =
        events.findLast(({ type, server }) => type === "closed" && server === "standby") ?? {};
      const { t: openedAt } =
        events.findLast(({ type, server }) => type === "opened" && server === "main") ?? {};
      assert.ok(Number(closedAt) < Number(openedAt), "standby was left before main was opened");
      assert.match(stderr, /^session lost: main: /m);
      for (const secret of ["password of", '"key"'])
        assert.ok(!`${stdout}${stderr}`.includes(secret), secret);
    });
  }

  test("as lines: the warning of a dead standby on display and in the error log, typed orders, the end", async (t) => {
    const { config, pbx } = await setup(false);
    await pbx(t, "main");
    const session = new Program(["session", config]);
    t.after(() => session.child.kill("SIGKILL"));
    await session.until(
      ({ stdout, stderr }) => /is down/.test(stdout) && /is down/.test(stderr) && / > main /.test(stdout),
    );
    session.type("nonsense");
    await session.until(({ stderr }) => stderr.includes("is no order"));
    session.type("standby off");
    await session.until(({ stderr }) => stderr.includes("from now on there is no standby server"), 60_000);
    session.type("stop");
    const { code, stdout, stderr } = await session.end();
    assert.equal(code, 0, stderr);
    for (const output of [stdout, stderr]) {
      assert.deepEqual(
        output.split("\n").filter((line) => /is down/.test(line)),
        ["Warning: standby PBX is down!"],
      );
    }
    assert.ok(!stdout.includes("\u001b"), "no colour without a terminal");
  });

  test("--check prints the promises and sends nothing; a mistake ends with 2", async () => {
    const { config } = await setup(false);
    const checked = await runProgram(["session", config, "--check"]);
    assert.equal(checked.code, 0, checked.stderr);
    // By hand: two echoes of 5 s and 5 s; 2 s and two of 5 s more; two checks of 5 s, four of 5 s and 2 s.
    assert.match(checked.stdout, /falls silent is noticed within +15 s/);
    assert.match(checked.stdout, /if it serves, within +27 s of 120 s/);
    assert.match(checked.stdout, /that serves again within +32 s of 60 s allowed/);
    const json = JSON.parse((await runProgram(["session", config, "--check", "--json"])).stdout);
    assert.deepEqual([json.hasStandby, json.serviceMs, json.returnMs], [true, 27_000, 32_000]);
    const missing = await runProgram(["session", "nowhere.toml"]);
    assert.equal(missing.code, 2);
    assert.match(
      missing.stderr,
      /nowhere.toml: the configuration cannot be read: there is no such file; check the path/,
    );
    const help = await runProgram(["session", "--help"]);
    assert.match(help.stdout, /--check/);
  });
});
