// The networks themselves: nothing of them is left, and nothing of this machine's own network is touched.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ENVIRONMENT } from "../real/environment.ts";
import { Namespace } from "./namespace.ts";
import { skip } from "./right.ts";
import { Router } from "./router.ts";

function command(...[program = "", ...words]: string[]): string {
  return execFileSync(program, words, { env: ENVIRONMENT, encoding: "utf8" });
}

// Strays are looked for before the first namespace of a process is made, so this test is the first.
test("what a killed run left behind is ended and removed", { skip }, async () => {
  const killed = spawn("true");
  await once(killed, "exit");
  const name = `standfast-${killed.pid}-0-phone`;
  command("ip", "netns", "add", name);
  const left = spawn("ip", ["netns", "exec", name, "sleep", "600"], { env: ENVIRONMENT });
  while (!command("ip", "netns", "pids", name).includes(String(left.pid))) await sleep(5);
  const ended = once(left, "exit");
  const mine = await Namespace.make("phone");
  assert.ok(!existsSync(`/run/netns/${name}`), `${name} is still there`);
  assert.deepEqual(await ended, [null, "SIGKILL"]);
  await mine.remove();
  assert.ok(!existsSync(`/run/netns/${mine.name}`));
});

/** Devices, addresses, routes and filters of the machine itself. */
const OWN_NETWORK = [
  "ip -brief address",
  "ip route show table all",
  "nft list ruleset",
  "cat /proc/sys/net/ipv4/ip_forward",
];

const ownNetwork = () => OWN_NETWORK.map((line) => command(...line.split(" ")));

test("the machine's own devices, routes and filters stay as they are", { skip }, async () => {
  const before = ownNetwork();
  const [router, other] = [await Namespace.make("router"), await Namespace.make("primary")];
  await router.ip(`link add primary type veth peer name wire netns ${other.name}`);
  await Router.start(router);
  assert.deepEqual(ownNetwork(), before);
  await Promise.all([router.remove(), other.remove()]);
  assert.deepEqual(ownNetwork(), before);
});
