// How the port for POSIX ends and begins again: signals, exit codes, what it keeps, and what its log says.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import * as abi from "../../assembly/abi.ts";
import wasm from "../../build/standfast.wasm";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { SANITIZED } from "../../host/tools/firmware/native.ts";
import { buildPosix } from "../../host/tools/firmware/posix.ts";
import { temporaryFolder } from "../host/folder.ts";
import { openPair, PASSWORD, type Pair } from "../host/pair.ts";
import { fileWith } from "../host/program.ts";
import { Running } from "../host/running.ts";
import { trappingAtWord } from "../tools/trapping.ts";
import { keyValueFor, startPosix } from "./posix-phone.ts";

let program: readonly string[];
/** With a core that traps at a datagram that begins with this. */
let trapping: readonly string[];
const POISON = "trap me";

before(async () => {
  program = await buildPosix(undefined, { flags: SANITIZED });
  const core = "build/native/trapping";
  mkdirSync(core, { recursive: true });
  writeFileSync(`${core}/trapping.wasm`, trappingAtWord(wasm, POISON));
  copyFileSync("build/standfast.map.json", `${core}/trapping.map.json`);
  await writeDropIn(`${core}/trapping.wasm`, core);
  trapping = await buildPosix(undefined, { flags: ["-O1"], core });
});

/** A busy machine is no dead server. */
const PATIENT = ["registerTimeout=5000", "optionsTimeout=5000"];
const configFor = (pair: Pair, params: readonly string[] = []) => keyValueFor(pair, [...PATIENT, ...params]);

const contactsAt = (pair: Pair) => pair.primary.bindings().map(({ contact }) => contact);
const isServed = (phone: Running) => /inService line=6000 server=primary/.test(phone.stderr);
const portOf = (phone: Running) => Number(/local port (\d+)/.exec(phone.stderr)?.[1]);
const snapshotFile = () => join(temporaryFolder(), "phone.snapshot");

async function sendTo(port: number, text: string, from = "127.0.0.1"): Promise<void> {
  const socket = createSocket("udp4");
  socket.bind(0, from);
  await once(socket, "listening");
  socket.send(text, port, "127.0.0.1", () => socket.close());
  await once(socket, "close");
}

describe("the program", { concurrency: true }, () => {
  test("left by SIGUSR1 and started again, it goes on with the same binding, and SIGTERM ends all of it", async (t) => {
    const [pair, kept] = [await openPair(t), snapshotFile()];
    const config = configFor(pair);
    const first = startPosix(t, program, config, "--snapshot", kept);
    await first.until(isServed);
    first.child.kill("SIGUSR1");
    assert.equal((await first.end()).code, 0, first.stderr);
    const left = contactsAt(pair);
    assert.equal(left.length, 1);
    const second = startPosix(t, program, config, "--snapshot", kept);
    await second.until(isServed);
    assert.match(second.stderr, /going on from .*\n(.*\n)*.*outOfService .*rule=start .*resumed=1/);
    assert.deepEqual(contactsAt(pair), left);
    second.child.kill("SIGTERM");
    assert.equal((await second.end()).code, 0, second.stderr);
    assert.deepEqual(contactsAt(pair), []);
    assert.ok(!existsSync(kept), "the next run starts anew");
  });

  test("killed without a word it goes on as well", async (t) => {
    const [pair, kept] = [await openPair(t), snapshotFile()];
    const config = configFor(pair);
    const first = startPosix(t, program, config, "--snapshot", kept);
    await first.until((phone) => isServed(phone) && existsSync(kept));
    const left = contactsAt(pair);
    first.child.kill("SIGKILL");
    await first.end();
    const second = startPosix(t, program, config, "--snapshot", kept);
    await second.until(isServed);
    assert.match(second.stderr, /going on from/);
    assert.deepEqual(contactsAt(pair), left);
    assert.ok(!readFileSync(kept).includes(PASSWORD), "a password in the snapshot");
  });

  test("what another configuration left, or what is damaged, is of no use and harms nobody", async (t) => {
    const [pair, kept] = [await openPair(t), snapshotFile()];
    const first = startPosix(t, program, configFor(pair), "--snapshot", kept);
    await first.until((phone) => isServed(phone) && existsSync(kept));
    first.child.kill("SIGUSR1");
    await first.end();
    const whole = readFileSync(kept);
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(500) ^ 1, 500);
    const cases: readonly (readonly [Uint8Array, readonly string[], RegExp])[] = [
      [whole, ["t2=5000"], /it was taken with another configuration; the phone starts without it/],
      [damaged, [], /it is damaged; the phone starts without it/],
      [whole.subarray(0, 1000), [], /it is not whole; the phone starts without it/],
      [Buffer.from("a letter\n"), [], /it is no snapshot of this version; the phone starts without it/],
    ];
    for (const [bytes, params, says] of cases) {
      writeFileSync(kept, bytes);
      const next = startPosix(t, program, configFor(pair, params), "--snapshot", kept);
      await next.until(isServed);
      assert.match(next.stderr, says);
      next.child.kill("SIGTERM");
      assert.equal((await next.end()).code, 0, next.stderr);
    }
  });

  test("a new password is tried at once by a run that goes on", async (t) => {
    const [pair, kept] = [await openPair(t), snapshotFile()];
    const config = configFor(pair);
    const wrong = fileWith("phone.cfg", readFileSync(config, "utf8").replace(PASSWORD, "wrong"));
    const first = startPosix(t, program, wrong, "--snapshot", kept);
    await first.until(({ stderr }) => /rejected line=6000 server=primary/.test(stderr));
    first.child.kill("SIGUSR1");
    await first.end();
    const second = startPosix(t, program, config, "--snapshot", kept);
    await second.until(isServed);
    assert.match(second.stderr, /going on from/);
  });

  test("SIGHUP registers again", async (t) => {
    const pair = await openPair(t);
    const phone = startPosix(
      t,
      program,
      configFor(pair, ["registerSpacing=200", "registerRefreshInterval=3600"]),
    );
    await phone.until(isServed);
    const renewals = () => pair.sights.primary.filter(({ kind }) => kind === "renewed").length;
    const before = renewals();
    phone.child.kill("SIGHUP");
    await phone.until(() => renewals() > before);
  });

  test("a server is noticed to be gone by the error of the network, not by a time-out", async (t) => {
    const pair = await openPair(t);
    pair.primary.die();
    const phone = startPosix(t, program, configFor(pair, ["registerTimeout=32000"]));
    await phone.until(() => pair.boundAt("backup1").length === 1);
    await phone.until(({ stderr }) => /serverDown server=primary rule=transport/.test(stderr));
  });

  test("a server whose name has no address is left for the next one", async (t) => {
    const pair = await openPair(t);
    const text = readFileSync(configFor(pair), "utf8").replace(
      "primary.host = 127.0.0.1",
      "primary.host = no.invalid",
    );
    const phone = startPosix(t, program, fileWith("phone.cfg", text));
    await phone.until(() => pair.boundAt("backup1").length === 1);
    const says = /no\.invalid has no address: .*; it counts as unreachable until a SIGHUP/;
    await phone.until(({ stderr }) => says.test(stderr));
  });

  test("what is not ours is handed to the phone's own SIP stack, and harms nobody", async (t) => {
    const pair = await openPair(t);
    const phone = startPosix(t, program, configFor(pair, ["acceptList=127.0.0.8"]), "--log", "debug");
    await phone.until(isServed);
    const invite = [
      "INVITE sip:6000@127.0.0.1 SIP/2.0",
      "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKa",
      "From: <sip:a@b>;tag=1",
      "To: <sip:6000@b>",
      "Call-ID: a",
      "CSeq: 1 INVITE",
      "Content-Length: 0",
    ];
    await sendTo(portOf(phone), `${invite.join("\r\n")}\r\n\r\n`, "127.0.0.9");
    await sendTo(portOf(phone), "x".repeat(5_000), "127.0.0.8");
    const handed = (bytes: number, source: number) =>
      `a message for another SIP stack, ${bytes} bytes, from server ${source}`;
    const wanted = [
      handed(invite.join("\r\n").length + 4, abi.SERVER_NONE),
      handed(2_049, abi.SERVER_LISTED), // what is longer than the core reads is cut, and looks so
    ];
    await phone.until(({ stderr }) => wanted.every((line) => stderr.includes(line)));
    phone.child.kill("SIGTERM");
    assert.equal((await phone.end()).code, 0, phone.stderr);
    assert.ok(!phone.stderr.includes(PASSWORD), "a password in the log");
  });

  test("a second signal ends at once with 130", async (t) => {
    const pair = await openPair(t);
    const phone = startPosix(t, program, configFor(pair));
    await phone.until(isServed);
    pair.primary.hang();
    phone.interrupt();
    await phone.until(({ stderr }) => stderr.includes("removing the bindings"));
    phone.interrupt();
    assert.equal((await phone.end()).code, 130, phone.stderr);
  });

  test("never in service within --wait it ends with 3", async (t) => {
    const pair = await openPair(t);
    pair.primary.hang();
    pair.backup1.hang();
    const phone = startPosix(t, program, configFor(pair), "--wait", "1");
    assert.equal((await phone.end()).code, 3, phone.stderr);
    assert.match(phone.stderr, /not in service within 1 s/);
  });

  test("a local port that is taken ends it with 1 and the way out", async (t) => {
    const pair = await openPair(t);
    const taken = createSocket("udp4");
    taken.bind(0);
    await once(taken, "listening");
    const { port } = taken.address();
    const phone = startPosix(t, program, configFor(pair, ["randomPort=off", `localPort=${port}`]));
    assert.equal((await phone.end()).code, 1);
    taken.close();
    assert.match(
      phone.stderr,
      new RegExp(`local port ${port}: in use by another program; end it or choose another port`),
    );
  });

  test("a core that traps ends it with 70, the next run goes on, and what traps again is given up", async (t) => {
    const [pair, kept] = [await openPair(t), snapshotFile()];
    const config = configFor(pair);
    const first = startPosix(t, trapping, config, "--snapshot", kept);
    await first.until((phone) => isServed(phone) && existsSync(kept));
    await sendTo(portOf(first), POISON);
    assert.equal((await first.end()).code, 70, first.stderr);
    const second = startPosix(t, trapping, config, "--snapshot", kept);
    await second.until(({ stderr }) => stderr.includes("going on from"));
    await sendTo(portOf(second), POISON);
    assert.equal((await second.end()).code, 70, second.stderr);
    assert.ok(!existsSync(kept), "a state that traps again is given up");
  });

  for (const [words, says] of [
    [[], "no phone to run: give --config FILE"],
    [["--config"], "no value behind --config"],
    [["--loud"], "unknown option --loud"],
    [["--log", "all"], "--log is error, warn, info or debug, and not all"],
    [["--wait", "0"], "--wait is 1..86400 seconds, and not 0"],
    [["--instance", "a b"], "--instance is 8 letters or digits, and not a b"],
  ] as const)
    test(`words that it does not take: ${words.join(" ")}`, async () => {
      const { code, stderr } = await new Running(program[0] ?? "", words).end();
      assert.deepEqual([code, stderr], [2, `${says}; standfast-posix --help lists the options\n`]);
    });

  test("--help names every option and signal, --version the version", async () => {
    const help = await new Running(program[0] ?? "", ["--help"]).end();
    assert.equal(help.code, 0);
    for (const word of [
      "--config",
      "--check",
      "--log",
      "--snapshot",
      "--instance",
      "--wait",
      "SIGTERM",
      "SIGUSR1",
      "SIGHUP",
    ])
      assert.ok(help.stdout.includes(word), word);
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.equal(
      (await new Running(program[0] ?? "", ["--version"]).end()).stdout,
      `standfast-posix ${version}\n`,
    );
  });
});

test("its log has a word for every event, rule and next step of the core", () => {
  const source = readFileSync("host/firmware/port/posix/log.c", "utf8");
  const camel = (name: string) =>
    name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  for (const name of Object.keys(abi)) {
    const [, kind, rest = ""] = /^(EV|RULE|NEXT)_(.+)$/.exec(name) ?? [];
    if (kind === undefined || name === "NEXT_NONE") continue;
    assert.ok(source.includes(`[STANDFAST_${name}] = {"${camel(rest)}"`), name);
  }
});
