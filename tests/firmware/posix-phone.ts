// The port for POSIX as a phone of the embedded pair: its configuration, and a process of its own.
//
// Above: posix*.test.ts.

import type { TestContext } from "node:test";
import { PASSWORD, type Pair, SHORT } from "../host/pair.ts";
import { fileWith } from "../host/program.ts";
import { Running } from "../host/running.ts";

/** A configuration for the pair in the phone's own form. @param params `name=value`, each in place of the usual one */
export function keyValueFor({ primary, backup1 }: Pair, params: readonly string[] = []): string {
  const servers = Object.entries({ primary, backup1 }).flatMap(([name, { endpoint }]) => [
    `servers.${name}.host = ${endpoint.address}`,
    `servers.${name}.port = ${endpoint.port}`,
  ]);
  const said = new Map([...SHORT, ...params].map((param) => [param.replace(/=.*/, ""), param]));
  const line = ["phoneNumber = 6000", `password = "${PASSWORD}"`];
  const text = ["proxyServer = test.invalid", ...servers, ...said.values(), ...line, ""].join("\n");
  return fileWith("phone.cfg", text);
}

/** Starts the program with that configuration; it does not outlive the test. */
export function startPosix(
  t: TestContext,
  program: readonly string[],
  config: string,
  ...words: readonly string[]
): Running {
  const [command = "", ...rest] = program;
  const phone = new Running(command, [...rest, "--config", config, ...words]);
  t.after(() => phone.child.kill("SIGKILL"));
  return phone;
}
