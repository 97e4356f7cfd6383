// `standfast check`: what a configuration promises, costs and risks, before it is used.
import { Command } from "commander";
import type { PhoneConfig } from "../config/model.ts";
import { check, type Judgement, type Knowledge } from "../lint/check.ts";
import { type Promises, promisesOf } from "../lint/promises.ts";
import { TARGETS_MAX } from "../node/dns/locate.ts";
import { find, soughtIn } from "../node/dns/locator.ts";
import { namesOf } from "../node/dns/names.ts";
import { columns } from "./columns.ts";
import { type ConfigOptions, configName, configToRun, readingToRun, withConfig } from "./config.ts";
import { DONE, Exit, USAGE } from "./exit.ts";
import { colours, print, printJson, remark } from "./print.ts";
import { count, span } from "./words.ts";

const HELP = `
Examples:
  standfast check --config phone.toml
  standfast check --config phone.toml --param primaryDetectInterval=90 --json

The times are worst cases; "standfast whatif" shows one case, "standfast drill" measures one.
Exit code 0: accepted, with warnings or without; 2: refused, with every mistake named.`;

interface CheckOptions extends ConfigOptions {
  readonly json?: boolean;
  readonly resolve: boolean;
}

export function checkCommand(): Command {
  return withConfig(new Command("check"))
    .summary("say what a configuration promises, costs and risks")
    .description("Read a configuration, refuse it with every mistake named, or say what it promises.")
    .option("--no-resolve", "do not ask for the addresses of names")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", HELP)
    .action(async (options: CheckOptions) => {
      if (options.json) await checkJson(options);
      else await checkPlain(options);
    });
}

async function checkJson(options: CheckOptions): Promise<void> {
  const reading = readingToRun(options);
  if (reading.kind === "refused") {
    printJson({ errors: reading.errors });
    throw new Exit(USAGE);
  }
  const judgement = check(reading.config, await known(reading.config, options.resolve));
  const { warnings, ...numbers } = judgement;
  printJson({ ...numbers, warnings, ignored: reading.ignored });
  process.exitCode = DONE;
}

async function checkPlain(options: CheckOptions): Promise<void> {
  const config = configToRun(options);
  const knowledge = await known(config, options.resolve);
  const judgement = check(config, knowledge);
  print(
    `${configName(options)}: accepted, ${count(config.lines.length, "line")}, ${count(config.servers.length, "server")}`,
  );
  print(
    ...columns(
      facts(promisesOf(config, knowledge), judgement).map(([what, figure]) => [`  ${what}`, figure]),
    ),
  );
  print(...warningLines(judgement));
}

/** Warnings as lines for people; the first word says what they are. */
export function warningLines({ warnings }: Judgement): string[] {
  return warnings.map(({ param, text }) => `${colours.yellow("warning:")} ${param}: ${text}`);
}

function facts(promised: Promises, judgement: Judgement): readonly (readonly [string, string])[] {
  const { detectRefusedMs, detectLostMs, serviceMs, dampingMs } = promised;
  const { detectMs, returnMs, returnRefusedMs, perHourQuiet, perHourWorst } = judgement;
  const back: [string, string][] =
    returnMs === null || returnRefusedMs === null || serviceMs === null
      ? [["no backup server:", "an outage of the primary lasts as long as it lasts"]]
      : [
          ["service on a backup within", span(serviceMs)],
          [
            "back on a primary that recovered within",
            `${span(returnMs)}, one that refused within ${span(returnRefusedMs)}; up to ${span(dampingMs)} later when it flaps`,
          ],
        ];
  return [
    [
      "a silent primary is noticed within",
      `${span(detectMs)}, one that refuses within ${span(detectRefusedMs)}`,
    ],
    ...(detectLostMs === null
      ? []
      : ([["a broken connection that is refused next within", span(detectLostMs)]] as const)),
    ...back,
    ["requests of one line in an hour", `${perHourQuiet} when nothing happens, ${perHourWorst} at worst`],
    ["wrong passwords for a server in 600 s", `${judgement.wrongPer600s} at worst`],
  ];
}

/** What the names of the servers say, when they may be asked for. */
async function known(config: PhoneConfig, resolve: boolean): Promise<Knowledge> {
  if (!resolve) return {};
  const found = await addressesOf(config);
  return {
    addresses: found.map(({ addresses, host }) => addresses[0] ?? host),
    targets: found.map(({ addresses }) => Math.max(1, Math.min(addresses.length, TARGETS_MAX))),
  };
}

async function addressesOf(config: PhoneConfig): Promise<{ host: string; addresses: readonly string[] }[]> {
  const ask = namesOf({ nameServers: config.dns?.nameServers ?? [] });
  const asked = soughtIn(config).map(async (server) => {
    const located = await find(server, ask);
    if (located.kind === "found")
      return { host: server.host, addresses: located.targets.map(({ address }) => address) };
    remark(`${server.name}: ${server.host}: no address found (${located.why})`);
    return { host: server.host, addresses: [] };
  });
  return Promise.all(asked);
}
