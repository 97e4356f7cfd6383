// `standfast session --serve`: one of the configured servers, played on this machine by a small PBX of ours.
import { readFileSync } from "node:fs";
import { codeOf, HostError } from "../node/error.ts";
import { randomHex } from "../node/identity.ts";
import type { SessionFile } from "../node/session/config-file.ts";
import { PbxService } from "../node/session/pbx-service.ts";
import type { ServerName } from "../session/login/driver.ts";
import { Exit, USAGE } from "./exit.ts";
import { print, remark } from "./print.ts";
import { TerminalInput } from "./terminal.ts";

const POLL_MS = 20_000;
const MODES = ["serving", "booting", "rejecting", "noKey", "standingBy"] as const;

/** Runs until Ctrl-C. @throws Exit USAGE: there is no such server, or no certificate for https */
export async function serve(
  file: SessionFile,
  name: ServerName,
  certificate?: string,
  key?: string,
): Promise<void> {
  const server = file[name];
  if (server === undefined) throw new Exit(USAGE, "standby.host is empty: there is no such server");
  const service = new PbxService({
    ...server,
    key: randomHex(16),
    pollMs: POLL_MS,
    ...(server.security && { tls: identity(certificate, key) }),
  });
  service.pbx.set("6000", `idle at ${name}`);
  await service.start();
  print(`${name}: serving on 127.0.0.1, port ${service.port}`);
  await new Promise<void>((resolve) => {
    const input = new TerminalInput({
      onInterrupt: () => {
        input.close();
        resolve();
      },
      onLine: (line) => take(line.trim(), service),
    });
  });
  await service.kill();
}

function identity(
  certificate: string | undefined,
  key: string | undefined,
): { certificate: string; key: string } {
  if (certificate === undefined || key === undefined) {
    throw new Exit(
      USAGE,
      'this server speaks https: give --certificate FILE and --key FILE, or configure scheme = "http"',
    );
  }
  return { certificate: read(certificate), key: read(key) };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new HostError(
      "unreadable",
      `${path}: cannot be read (${codeOf(error)}); check the path and its permissions`,
    );
  }
}

/** `user NAME STATE` sets a user, `user NAME` takes it away, a word of MODES says how the PBX is. */
function take(line: string, service: PbxService): void {
  const [word = "", name = "", ...state] = line.split(/\s+/);
  const mode = MODES.find((one) => one === word);
  if (mode !== undefined) service.pbx.mode = mode;
  else if (word === "user" && name !== "")
    service.set(name, state.length === 0 ? undefined : state.join(" "));
  else if (word !== "") remark(`${line} is no order; there are "user NAME [STATE]", ${MODES.join(", ")}`);
}
