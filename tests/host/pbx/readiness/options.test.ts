// The options as they are read: both sides of each limit, the section, what is hidden, and what a reload may not change.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeError } from "../../../../host/config/error.ts";
import type { Raw } from "../../../../host/config/value.ts";
import {
  DEFAULT_READINESS,
  laterChanges,
  readinessHelp,
  readReadiness,
} from "../../../../host/pbx/readiness/options.ts";

const read = (key: string, raw: Raw, isInSection = true) =>
  readReadiness([{ key, raw, where: "node.toml:7", isInSection }]);

test("what is not said has the guide's default", () => {
  assert.deepEqual(readReadiness([]).options, {
    backupInitCheck: false,
    backupInitCheckTimeoutSeconds: 60,
    backupSipPortCheck: true,
    controlVipScripts: false,
  });
});

test("in the section and outside of it they are the same", () => {
  for (const isInSection of [true, false]) {
    assert.equal(read("backup-init-check", true, isInSection).options.backupInitCheck, true);
    assert.equal(read("backup-sip-port-check", "false", isInSection).options.backupSipPortCheck, false);
    assert.equal(read("control-vip-scripts", "true", isInSection).options.controlVipScripts, true);
  }
});

for (const seconds of [15, 16, 60, 3599, 3600]) {
  test(`a timeout of ${seconds} s is taken`, () => {
    const { options, errors } = read("backup-init-check-timeout", seconds);
    assert.deepEqual(errors, []);
    assert.equal(options.backupInitCheckTimeoutSeconds, seconds);
  });
}

for (const raw of [14, 3601, 0, -60, 60.5, "60s", "", true]) {
  test(`a timeout of ${JSON.stringify(raw)} is refused with its range`, () => {
    const { options, errors } = read("backup-init-check-timeout", raw);
    const [error, ...others] = errors.map(describeError);
    assert.deepEqual(others, []);
    assert.match(error ?? "", /^node\.toml:7: backup-init-check-timeout = .*, allowed 15\.\.3600 s; /);
    assert.equal(options.backupInitCheckTimeoutSeconds, 60, "nothing of a refused one is applied");
  });
}

test("a switch is on or off, and nothing between", () => {
  const [error] = read("backup-init-check", "maybe").errors.map(describeError);
  assert.match(error ?? "", /backup-init-check = maybe is neither on nor off, allowed on or off/);
});

test("said twice it is refused, wherever it stands", () => {
  const entry = { key: "backup-init-check", raw: true };
  const { errors } = readReadiness([
    { ...entry, where: "node.toml:3", isInSection: false },
    { ...entry, where: "node.toml:9", isInSection: true },
  ]);
  assert.deepEqual(
    errors.map(({ code, where }) => [code, where]),
    [["duplicate", "node.toml:9"]],
  );
});

test("other options of the section are named and left alone; elsewhere they are not ours to judge", () => {
  assert.deepEqual(
    read("sip-port", 5060).ignored.map(({ key }) => key),
    ["sip-port"],
  );
  assert.deepEqual(read("sip-port", 5060, false).ignored, []);
});

test("the help names each option but the restricted one", () => {
  const text = readinessHelp().join("\n");
  for (const name of ["backup-init-check ", "backup-sip-port-check ", "control-vip-scripts "])
    assert.ok(text.includes(name), name);
  assert.ok(!text.includes("timeout"), text);
});

test("a reload changes nothing and says so of each option", () => {
  assert.deepEqual(laterChanges(DEFAULT_READINESS, { ...DEFAULT_READINESS }), []);
  const read = { ...DEFAULT_READINESS, backupInitCheck: true, backupInitCheckTimeoutSeconds: 15 };
  assert.deepEqual(laterChanges(DEFAULT_READINESS, read), [
    "backup-init-check is true now and stays false until a restart: it takes effect after restart only",
    "backup-init-check-timeout is 15 now and stays 60 until a restart: it takes effect after restart only",
  ]);
});
