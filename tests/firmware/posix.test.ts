// The port for POSIX on this machine, and on ARM and both kinds of MIPS under qemu-user: it registers, is on the backup when the
// linter says, returns when the linter says, and leaves nothing.
//
// What is believed is what stands in the tables of the two registrars.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, type TestContext, test } from "node:test";
import { promisesOf } from "../../host/lint/promises.ts";
import { addSizes, SIZE_FILE } from "../../host/tools/build/size.ts";
import {
  buildPosix,
  measurePosix,
  POSIX_TARGETS,
  type PosixTarget,
} from "../../host/tools/firmware/posix.ts";
import { NO_IPV6, openPair, type Pair } from "../host/pair.ts";
import type { Running } from "../host/running.ts";
import { keyValueFor, startPosix } from "./posix-phone.ts";

/** What a promise may be exceeded by: several emulators and two registrars share a few processors. */
const SLACK_MS = 30_000;
/** A busy machine is no dead server. */
const PATIENT = ["registerTimeout=4000", "optionsTimeout=4000"];

const programs = new Map<PosixTarget, readonly string[]>();

before(async () => {
  for (const target of POSIX_TARGETS) programs.set(target, await buildPosix(target));
});

type Death = {
  readonly name: string;
  readonly strike: (pair: Pair) => void;
  readonly back: "returnMs" | "returnRefusedMs";
  /** How the log says that it was noticed. */
  readonly seen: RegExp;
};

const DEATHS: readonly Death[] = [
  {
    name: "closes its port",
    strike: ({ primary }) => primary.die(),
    back: "returnRefusedMs",
    seen: /serverDown server=primary rule=transport/,
  },
  {
    name: "falls silent",
    strike: ({ primary }) => primary.hang(),
    back: "returnMs",
    seen: /serverDown server=primary rule=(heartbeat|timeout)/,
  },
];

/** All at the same time: they mostly wait. */
describe("the phone", { concurrency: true }, () => {
  for (const target of POSIX_TARGETS)
    for (const death of DEATHS)
      test(`${target.name}: the primary ${death.name}: there and back, within the promise`, (t) =>
        thereAndBack(t, target, death));
  test("over IPv6 too", { skip: NO_IPV6 }, async (t) => {
    const [here, death] = [POSIX_TARGETS[0], DEATHS[0]] as [PosixTarget, Death];
    await thereAndBack(t, here, death, "::1");
  });
});

async function thereAndBack(
  t: TestContext,
  target: PosixTarget,
  death: Death,
  address = "127.0.0.1",
): Promise<void> {
  const pair = await openPair(t, ["6000"], { primary: address, backup1: address });
  const promise = promisesOf(pair.config(...PATIENT));
  const phone = startPosix(t, programs.get(target) ?? [], keyValueFor(pair, PATIENT));
  await phone.until(() => isAt(pair, "primary"));
  await answeredHeartbeat(pair, phone);

  const struckAt = performance.now();
  death.strike(pair);
  await phone.until(() => isAt(pair, "backup1"), Number(promise.serviceMs) + SLACK_MS);
  const servedMs = performance.now() - struckAt;
  await phone.until(({ stderr }) => death.seen.test(stderr));

  await pair.primary.comeBack();
  const healedAt = performance.now();
  // The old binding may still stand there: only a line that has returned leaves the backup.
  await phone.until(() => !isAt(pair, "backup1"), Number(promise[death.back]) + SLACK_MS);
  assert.ok(isAt(pair, "primary"), phone.stderr);
  t.diagnostic(
    `served after ${Math.round(servedMs)} of ${promise.serviceMs} ms, back after ${Math.round(performance.now() - healedAt)} of ${promise[death.back]} ms`,
  );

  phone.child.kill("SIGTERM");
  assert.equal((await phone.end()).code, 0, phone.stderr);
  assert.deepEqual([...pair.boundAt("primary"), ...pair.boundAt("backup1")], []);
}

function isAt(pair: Pair, server: "primary" | "backup1"): boolean {
  return pair.boundAt(server).length === 1;
}

/** A server that never answered a heartbeat is not missed when it answers none. */
async function answeredHeartbeat({ sights }: Pair, phone: Running): Promise<void> {
  const isHeartbeat = (startLine: string) => startLine.startsWith("OPTIONS");
  await phone.until(() =>
    sights.primary.some((sight) => sight.kind === "packet" && isHeartbeat(sight.startLine)),
  );
}

/** The whole program, its C library apart. */
const MOST = { text: 144 * 1024, data: 14 * 1024, bss: 56 * 1024 };

test("the program is small on each of them, and size.json has its figures", async () => {
  const figures = await measurePosix();
  await addSizes({ posix: figures });
  assert.deepEqual(
    figures.map(({ target }) => target),
    POSIX_TARGETS.map(({ name }) => name),
  );
  assert.deepEqual(JSON.parse(readFileSync(SIZE_FILE, "utf8")).posix, figures);
  for (const { target, text, data, bss } of figures)
    for (const [section, is] of Object.entries({ text, data, bss }))
      assert.ok(is > 0 && is <= MOST[section as keyof typeof MOST], `${target}: ${is} bytes of .${section}`);
});

/** KiB; two targets share a row where they differ by less. */
const TOLERANCE = 0.15;

test("the page says what it takes on each", async () => {
  const page = readFileSync("host/firmware/port/posix/README.md", "utf8");
  const rows = [...page.matchAll(/^\| ([\w, -]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm)];
  const said = new Map(
    rows.flatMap(([, names = "", ...cells]) =>
      names.split(", ").map((name) => [name, cells.map(Number)] as const),
    ),
  );
  for (const { target, text, data, bss, file } of await measurePosix())
    for (const [index, bytes] of [text, data, bss, file].entries()) {
      const cell = said.get(target)?.[index] ?? Number.NaN;
      assert.ok(
        Math.abs(cell - bytes / 1024) <= TOLERANCE,
        `${target}: ${bytes / 1024} KiB, and ${cell} on the page`,
      );
    }
});
