// `standfast locate`: what the names of servers are, by RFC 3263, as the phone would find them.
import { Argument, Command, Option } from "commander";
import { isHost, isNameServer, isPort, splitHostPort } from "../config/host.ts";
import type { DnsType, Located, Target } from "../node/dns/locate.ts";
import { TARGETS_MAX } from "../node/dns/locate.ts";
import { find, type Sought, soughtIn } from "../node/dns/locator.ts";
import { namesOf } from "../node/dns/names.ts";
import { columns } from "./columns.ts";
import { type ConfigOptions, configFrom, withConfig } from "./config.ts";
import { DONE, Exit, FAILED, USAGE } from "./exit.ts";
import { colours, print, printJson } from "./print.ts";
import { repeatable } from "./repeatable.ts";

const HELP = `
Examples:
  standfast locate example.com                      NAPTR, then SRV, then addresses, over UDP
  standfast locate example.com --transport tls --type srv
  standfast locate example.com --name-server 192.0.2.53
  standfast locate --config phone.toml              every server of a configuration, as it says

The rows stand in the order in which they would be tried; weights are drawn anew at each call.
Exit code 0: every name has an address; 1: one has none; 2: usage.`;

interface LocateOptions extends ConfigOptions {
  readonly type?: DnsType;
  readonly nameServer?: readonly string[];
  readonly json?: boolean;
}

/** A server, and what its name is. */
interface Row {
  readonly server: Sought;
  readonly located: Located;
}

export function locateCommand(): Command {
  return withConfig(new Command("locate"))
    .summary("show what the names of servers resolve to, in which order")
    .description("Find servers by RFC 3263: NAPTR, SRV, A and AAAA, with the time that each answer holds.")
    .addArgument(new Argument("[name[:port]]", "one name, without a configuration"))
    .addOption(
      new Option("--type <which>", "what that name is asked for first").choices(["a", "srv", "naptr"]),
    )
    .addOption(repeatable("--name-server <address[:port]>", "asked in place of the system's; once for each"))
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, options: LocateOptions) => {
      const rows = await (name === undefined ? ofConfig(options) : ofName(name, options));
      if (options.json) printJson({ servers: rows.map(asData) });
      else print(...rows.flatMap(asLines));
      process.exitCode = rows.every(({ located }) => located.kind === "found") ? DONE : FAILED;
    });
}

function ofConfig(options: LocateOptions): Promise<readonly Row[]> {
  const { type } = options;
  if (type !== undefined) {
    throw new Exit(USAGE, `--type ${type}: it is for a name alone; a configuration has proxyDnsType`);
  }
  if (options.config === undefined && options.primary === undefined) {
    throw new Exit(
      USAGE,
      "nothing to locate: give NAME[:PORT], --config FILE, or --primary HOST --user NUMBER",
    );
  }
  const config = configFrom(options);
  const given = options.nameServer ?? config.dns?.nameServers ?? [];
  return findAll(soughtIn(config), given);
}

function ofName(name: string, options: LocateOptions): Promise<readonly Row[]> {
  if (options.config !== undefined || options.primary !== undefined) {
    throw new Exit(USAGE, "locate takes a name or a configuration, not both");
  }
  const { host, port } = splitHostPort(name);
  if (!isHost(host)) throw new Exit(USAGE, `"${host}" is no host name or address; write NAME or NAME:PORT`);
  if (port !== undefined && !isPort(port)) {
    throw new Exit(USAGE, `"${name}": ${port} is no port, allowed 1..65535; write NAME or NAME:PORT`);
  }
  const { transport = "udp", type: dnsType = "naptr", nameServer = [] } = options;
  return findAll([{ name: "", host, port: Number(port ?? 0), transport, dnsType }], nameServer);
}

function findAll(servers: readonly Sought[], nameServers: readonly string[]): Promise<readonly Row[]> {
  const wrong = nameServers.find((text) => !isNameServer(text));
  if (wrong !== undefined) {
    throw new Exit(
      USAGE,
      `--name-server "${wrong}" is no ADDRESS or ADDRESS:PORT; write 192.0.2.53, or [2001:db8::53]:5353`,
    );
  }
  const ask = namesOf({ nameServers });
  return Promise.all(servers.map(async (server) => ({ server, located: await find(server, ask) })));
}

function asLines({ server, located }: Row): readonly string[] {
  const { name, host, port, transport, dnsType } = server;
  const first = port === 0 ? dnsType.toUpperCase() : `port ${port}, so addresses only`;
  const head = [...(name ? [`${name}:`] : []), `${host}, ${transport}, ${first}`].join(" ");
  if (located.kind !== "found") return [head, `  ${colours.red("no address")}: ${located.why}`];
  const rows = located.targets.map((target, at) => [
    `  ${at + 1}`,
    ...cells(target),
    at < TARGETS_MAX ? "" : "not tried",
  ]);
  const missed = located.missed.map((why) => `  ${colours.yellow("missed")}: ${why}`);
  return [head, ...columns(rows), ...missed];
}

function cells({ address, port, name, priority, weight, ttlSeconds }: Target): readonly string[] {
  return [
    address,
    `port ${port}`,
    priority === undefined ? "" : `priority ${priority} weight ${weight}`,
    name === address ? "" : name,
    ttlSeconds === Infinity ? "" : `${ttlSeconds} s`,
  ];
}

/** As promised in docs/cli.md; what holds for ever has no `ttlSeconds`. */
function asData({ server, located }: Row): object {
  const { name, ...asked } = server;
  const finite = <Held extends { readonly ttlSeconds: number }>({ ttlSeconds, ...rest }: Held): object =>
    ttlSeconds === Infinity ? rest : { ...rest, ttlSeconds };
  const targets = located.kind === "found" ? located.targets.map(finite) : [];
  const plain = "ttlSeconds" in located ? finite(located) : located;
  return { ...(name && { name }), ...asked, ...plain, targets };
}
