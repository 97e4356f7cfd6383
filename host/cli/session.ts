// `standfast session`: an application session that follows the switch-over between a main and a standby PBX.
import { Command, Option } from "commander";
import { describeError } from "../config/error.ts";
import { timeOfDay } from "../node/clock.ts";
import { readSessionFile, type SessionFile } from "../node/session/config-file.ts";
import { ApplicationSession } from "../node/session/follow.ts";
import { SoapDriver, type SoapServer } from "../node/session/soap-driver.ts";
import { promisesOf } from "../session/login/promises.ts";
import { RETURN_LIMIT_MS, SERVICE_LIMIT_MS } from "../session/login/settings.ts";
import { columns } from "./columns.ts";
import { Exit, INTERRUPTED, USAGE } from "./exit.ts";
import { printHello } from "./output.ts";
import { print, printJson, remark } from "./print.ts";
import { JsonTelling, LineTelling } from "./session-output.ts";
import { serve } from "./session-serve.ts";
import { TerminalInput } from "./terminal.ts";
import { span } from "./words.ts";

const HELP = `
Examples:
  standfast session session.toml --check       what the settings promise; nothing is sent
  standfast session session.toml               log in, and follow main and standby
  standfast session session.toml --json > events.ndjson
  standfast session session.toml --serve main  a small PBX on this machine, to try it with

Typed lines: "standby off" takes the standby server out, "stop" ends. Ctrl-C ends the session at the server and the
program with 0; a second one leaves at once with 130. The display is stdout, the error log stderr.
docs/session.md has every key.`;

interface SessionOptions {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly serve?: "main" | "standby";
  readonly certificate?: string;
  readonly key?: string;
}

export function sessionCommand(): Command {
  return new Command("session")
    .summary("log in at a main PBX, or at its standby while that is gone")
    .description("Keep an application session at a main PBX, follow it to a standby one, and come back.")
    .argument("<config>", "both servers and the settings, TOML")
    .option("--check", "say what the settings promise, and send nothing")
    .option("--json", "one JSON object a line on stdout")
    .addOption(new Option("--serve <server>", "be that server, on 127.0.0.1").choices(["main", "standby"]))
    .option("--certificate <file>", "with --serve and https: what it shows, PEM")
    .option("--key <file>", "with --serve and https: its private key, PEM")
    .addHelpText("after", HELP)
    .action(async (path: string, options: SessionOptions) => {
      const file = fileAt(path);
      if (options.check) printPromises(file, options.json === true);
      else if (options.serve) await serve(file, options.serve, options.certificate, options.key);
      else await follow(file, options.json === true);
    });
}

/** @throws Exit USAGE with every mistake in it */
function fileAt(path: string): SessionFile {
  const reading = readSessionFile(path);
  if (reading.kind === "refused") throw new Exit(USAGE, reading.errors.map(describeError).join("\n"));
  return reading.file;
}

function printPromises({ standby, settings }: SessionFile, json: boolean): void {
  const promises = promisesOf(settings);
  if (json) {
    printJson({
      hasStandby: standby !== undefined,
      ...promises,
      limits: { SERVICE_LIMIT_MS, RETURN_LIMIT_MS },
    });
    return;
  }
  const { noticedMs, serviceMs, offeredMs, returnMs, returnAfterFailuresMs } = promises;
  const rows: [string, string][] = [["a main server that falls silent is noticed within", span(noticedMs)]];
  if (standby === undefined) rows.push(["no standby server:", "nothing is ever sent to a second host"]);
  else
    rows.push(
      ["service on standby, if it serves, within", `${span(serviceMs)} of ${span(SERVICE_LIMIT_MS)} allowed`],
      ["service on a standby that begins to serve within", span(offeredMs)],
      [
        "back on a main server that serves again within",
        `${span(returnMs)} of ${span(RETURN_LIMIT_MS)} allowed`,
      ],
      ["the same after returns that failed within", span(returnAfterFailuresMs)],
    );
  print(...columns(rows));
}

async function follow({ main, standby, settings }: SessionFile, json: boolean): Promise<void> {
  const driver = new SoapDriver(main, standby);
  const session = new ApplicationSession({ driver, hasStandby: standby !== undefined, settings });
  const telling = json ? new JsonTelling() : new LineTelling(session);
  if (json) printHello(timeOfDay());
  else print(`main ${placeOf(main)}, ${standby ? `standby ${placeOf(standby)}` : "no standby server"}`);
  session.on("event", (event) => telling.event(event));
  const over = new Promise<void>((resolve) => session.once("over", resolve));
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(INTERRUPTED);
    isStopping = true;
    remark("ending the session; Ctrl-C again leaves at once");
    void session.stop();
  };
  const input = new TerminalInput({ onInterrupt: stop, onLine: (line) => take(line.trim(), session, stop) });
  session.start();
  await over;
  input.close();
}

function placeOf({ host, port, security }: SoapServer): string {
  return `${host} port ${port}${security ? "" : " without TLS"}`;
}

function take(line: string, session: ApplicationSession, stop: () => void): void {
  if (line === "stop") stop();
  else if (line === "standby off") {
    session.clearStandby();
    remark("from now on there is no standby server");
  } else if (line !== "") remark(`${line} is no order; there are "standby off" and "stop"`);
}
