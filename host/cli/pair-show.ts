// `standfast pair status` and `standfast pair verify`: what a node says of itself, and whether a pair is set up well.
import { Command } from "commander";
import { readStatus } from "../node/pair/read-status.ts";
import { type Check, verify } from "../pbx/pair/verify.ts";
import type { NodeStatus } from "../pbx/status.ts";
import { columns } from "./columns.ts";
import { Exit, FAILED } from "./exit.ts";
import { anyConfigOf } from "./pair-config.ts";
import { colours, print, printJson, screenWidth } from "./print.ts";
import { clock, count } from "./words.ts";

const NODE = "a node: its configuration, or its page http://ADDRESS:PORT/status";

const STATUS_HELP = `
Examples:
  standfast pair status standby.toml
  standfast pair status http://127.0.0.1:8060/status --json`;

const VERIFY_HELP = `
Examples:
  standfast pair verify master.toml standby.toml
  standfast pair verify http://127.0.0.1:8061/status standby.toml

One line a check, OK or FAILED, with the way out. Exit code 0 when all are OK, else 1.`;

interface Options {
  readonly json?: boolean;
}

export function statusCommand(): Command {
  return new Command("status")
    .summary("what a node says of itself")
    .description("Show role, replication, licences, phones and problems of a node that runs.")
    .argument("<node>", NODE)
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", STATUS_HELP)
    .action(async (node: string, { json = false }: Options) => {
      const status = await statusOf(node);
      if (json) printJson(status);
      else print(...asText(status));
    });
}

export function verifyCommand(): Command {
  return new Command("verify")
    .summary("check that a pair is set up well")
    .description("Check both nodes of a pair that runs.")
    .argument("<master>", NODE)
    .argument("<standby>", "the other one, in the same way")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", VERIFY_HELP)
    .action(async (master: string, standby: string, { json = false }: Options) => {
      const checks = verify(await statusOf(master), await statusOf(standby));
      if (json)
        for (const { what, isOk, found } of checks) printJson({ type: "check", what, ok: isOk, found });
      else print(...columns(checks.map(row), screenWidth()));
      const failed = checks.filter(({ isOk }) => !isOk).length;
      if (failed > 0) throw new Exit(FAILED, `${failed} of ${count(checks.length, "check")} failed`);
    });
}

async function statusOf(node: string): Promise<NodeStatus> {
  if (/^https?:\/\//.test(node)) return readStatus(node);
  const { http } = anyConfigOf(node).config.settings;
  if (http.port === 0) throw new Exit(FAILED, `${node}: httpPort is 0, so nobody can ask this node; set it`);
  return readStatus(
    `http://${http.address.includes(":") ? `[${http.address}]` : http.address}:${http.port}/status`,
  );
}

function row({ what, isOk, found }: Check): readonly string[] {
  return [isOk ? colours.green("OK") : colours.red("FAILED"), what, found];
}

function asText(status: NodeStatus): readonly string[] {
  const { name, mode, role, sinceSeconds, cause, markers, replication, licences, objects } = status;
  const age =
    replication.ageSeconds === undefined ? "never confirmed" : `equal ${replication.ageSeconds} s ago`;
  const state = replication.isOn ? (replication.isConnected ? "connected" : "not connected") : "off";
  const rows = [
    ["node", `${name}, ${mode}`],
    ["role", `${colours.bold(role)} for ${clock(sinceSeconds * 1000)}: ${cause}`],
    ["lists", markers.join(", ") || "-"],
    [
      "replication",
      `${state}, version ${replication.version}, ${age}${replication.trouble && `: ${replication.trouble}`}`,
    ],
    ["objects", String(objects)],
    ["licences", `${licences.used} used, ${Math.max(0, licences.total - licences.used)} free`],
    ["readiness", [status.readiness.state, ...status.readiness.missing].join("; ")],
  ];
  const phones = status.phones.map((phone) => [
    phone.user,
    phone.at,
    `${phone.contacts}`,
    clock(phone.leftSeconds * 1000),
  ]);
  const head = ["PHONE", "AT", "CONTACTS", "LEASE"].map((word) => colours.dim(word));
  return [
    ...columns(rows, screenWidth()),
    ...(phones.length === 0 ? [] : ["", ...columns([head, ...phones])]),
    ...(status.alarms.length === 0 ? [] : [""]),
    ...status.alarms.map((alarm) =>
      colours.yellow(`${alarm.name}: ${alarm.text} (for ${clock(alarm.sinceSeconds * 1000)})`),
    ),
  ];
}
