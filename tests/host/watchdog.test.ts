// A phone with a wrong password that is started again and again: what was refused is not sent again before its rest.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Phone } from "../../host/index.ts";
import { temporaryFolder } from "./folder.ts";
import { openPair, type Pair } from "./pair.ts";
import { next, PATIENCE_MS } from "./until.ts";

interface Start {
  readonly problem: unknown;
  readonly notices: readonly string[];
  /** REGISTERs of this start: two when the challenge was answered. */
  readonly registers: number;
}

/** A phone whose line has another password, until it is rejected; then it is gone as in a crash. */
async function start(t: TestContext, pair: Pair, stateFile: string, password: string): Promise<Start> {
  const config = pair.config();
  const lines = config.lines.map((line) => ({
    ...line,
    credentials: line.credentials.map((held) => held && { ...held, password }),
  }));
  const phone = new Phone({ ...config, lines }, { stateFile });
  t.after(() => phone.close());
  const notices: string[] = [];
  phone.on("notice", (text) => notices.push(text));
  const before = registers(pair);
  const rejected = next(phone, "rejected");
  await phone.start();
  const [{ reason }] = await rejected;
  phone.close();
  return { problem: reason?.problem, notices, registers: registers(pair) - before };
}

function registers({ sights }: Pair): number {
  return sights.primary.filter((it) => it.kind === "packet" && it.startLine.startsWith("REGISTER")).length;
}

test("one wrong password for all starts, and a word about the rest", async (t) => {
  const pair = await openPair(t);
  const state = join(temporaryFolder(), "state.json");
  assert.deepEqual(await start(t, pair, state, "wrong"), { problem: undefined, notices: [], registers: 2 });
  for (let again = 0; again < 5; again++) {
    const { problem, notices, registers } = await start(t, pair, state, "wrong");
    assert.equal(problem, "noAccount");
    assert.equal(registers, 1, "a REGISTER without credentials is no failure");
    assert.match(
      notices.join(),
      /^6000: primary refused its password in an earlier run; it is not sent again for 1[23]\d\d s$/,
    );
  }
});

test("another password is sent at once", async (t) => {
  const pair = await openPair(t);
  const state = join(temporaryFolder(), "state.json");
  await start(t, pair, state, "wrong");
  assert.deepEqual(await start(t, pair, state, "wrong again"), {
    problem: undefined,
    notices: [],
    registers: 2,
  });
  const phone = new Phone(pair.config(), { stateFile: state });
  t.after(() => phone.close());
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true, "the right one");
});

test("new credentials by command end the rest, and its end does not bring the old ones back", async (t) => {
  const pair = await openPair(t);
  const state = join(temporaryFolder(), "state.json");
  await start(t, pair, state, "wrong");
  const config = pair.config();
  const [line] = config.lines;
  const [good] = line?.credentials ?? [];
  assert.ok(line && good);
  const wrong = {
    ...line,
    credentials: line.credentials.map((held) => held && { ...held, password: "wrong" }),
  };
  const phone = new Phone({ ...config, lines: [wrong] }, { stateFile: state });
  t.after(() => phone.close());
  await phone.start();
  phone.setCredentials("6000", "primary", good);
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
});
