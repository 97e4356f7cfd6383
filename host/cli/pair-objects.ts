// `standfast pair object` and `standfast pair licence`: what the master keeps and its standby copies.
//
// A node that runs is asked; the store of one that does not run is opened. A password becomes two hashes at once.
import { Command } from "commander";
import { monotonicMs } from "../node/clock.ts";
import { answerTo, askNode, type Order, type OrderAnswer } from "../node/pair/control.ts";
import type { NodeConfig } from "../node/pair/settings-file.ts";
import { openStore } from "../node/pair/store.ts";
import type { Edit } from "../pbx/directory/edit.ts";
import { makeObject } from "../pbx/directory/object.ts";
import { columns } from "./columns.ts";
import { passwordFrom } from "./config.ts";
import { Exit, FAILED, USAGE } from "./exit.ts";
import { nodeConfigOf } from "./pair-config.ts";
import { colours, print, printJson } from "./print.ts";
import { count } from "./words.ts";

const CONFIG = "the configuration of the node; it runs, or nobody has its store";

const ADD_HELP = `
Examples:
  standfast pair object add master.toml 6004 --password-file phone-password
  standfast pair object add master.toml 6004 --password-file p --account reception --display "Reception"

Objects and licences are edited at the master, and replicate. The password is hashed for the realm and not kept.`;

const SET_HELP = `
Examples:
  standfast pair licence set master.toml --registrations 50 --standby 50

As many for the standby as registrations it must carry. Edited at the master, they replicate.`;

interface Json {
  readonly json?: boolean;
}

interface AddOptions {
  readonly passwordFile: string;
  readonly account?: string;
  readonly display?: string;
}

export function objectCommand(): Command {
  const object = new Command("object")
    .summary("add, remove and list objects")
    .description("Phones that may register.");
  object
    .command("add")
    .description("Add an object, or replace it.")
    .argument("<config>", CONFIG)
    .argument("<user>", "user part of the address of record")
    .addHelpText("after", ADD_HELP)
    .requiredOption("--password-file <file>", "its password, on the first line")
    .option("--account <name>", "digest user name where it is not the user")
    .option("--display <name>", "for people")
    .action(async (path: string, user: string, options: AddOptions) => {
      const config = nodeConfigOf(path);
      const { account, display } = options;
      const password = passwordFrom(options);
      const made = {
        user,
        password,
        ...(account !== undefined && { account }),
        ...(display !== undefined && { display }),
      };
      tellEdit(await edit(config, [{ kind: "put", object: makeObject(made, config.settings.realm) }]));
    });
  object
    .command("remove")
    .description("Remove an object: its phone is answered 404 from then on.")
    .argument("<config>", CONFIG)
    .argument("<user>", "user part of the address of record")
    .action(async (path: string, user: string) =>
      tellEdit(await edit(nodeConfigOf(path), [{ kind: "remove", user }])),
    );
  object
    .command("list")
    .description("List the objects of a node.")
    .argument("<config>", CONFIG)
    .option("--json", "one JSON object a line on stdout")
    .action(async (path: string, { json = false }: Json) => {
      const { objects } = await order(nodeConfigOf(path), { order: "show" });
      if (json) for (const one of objects) printJson(one);
      else {
        const head = ["USER", "ACCOUNT", "DISPLAY"].map((word) => colours.dim(word));
        print(
          ...columns([head, ...objects.map(({ user, account, display = "" }) => [user, account, display])]),
        );
      }
    });
  return object;
}

interface LicenceOptions {
  readonly registrations?: string;
  readonly standby?: string;
}

export function licenceCommand(): Command {
  const licence = new Command("licence")
    .summary("show and set licences")
    .description("How many registrations the master, and the standby in its place, may hold.");
  licence
    .command("show")
    .description("Show the licences of a node.")
    .argument("<config>", CONFIG)
    .option("--json", "one JSON object on stdout")
    .action(async (path: string, { json = false }: Json) => {
      const { licences } = await order(nodeConfigOf(path), { order: "show" });
      if (json) printJson(licences);
      else print(`registrations ${licences.registrations}, standby ${licences.standby}`);
    });
  licence
    .command("set")
    .description("Set them, at the master.")
    .argument("<config>", CONFIG)
    .addHelpText("after", SET_HELP)
    .option("--registrations <number>", "at the master")
    .option("--standby <number>", "at the standby while it serves")
    .action(async (path: string, { registrations, standby }: LicenceOptions) => {
      if (registrations === undefined && standby === undefined)
        throw new Exit(USAGE, "give --registrations NUMBER, --standby NUMBER or both");
      const config = nodeConfigOf(path);
      const { licences } = await order(config, { order: "show" });
      const wanted = {
        registrations: registrations === undefined ? licences.registrations : Number(registrations),
        standby: standby === undefined ? licences.standby : Number(standby),
      };
      tellEdit(await edit(config, [{ kind: "licences", licences: wanted }]));
    });
  return licence;
}

type Done = Extract<OrderAnswer, { kind: "done" }>;

function edit(config: NodeConfig, edits: readonly Edit[]): Promise<Done> {
  return order(config, { order: "edit", edits });
}

/** @throws Exit when the node refuses it; HostError when its store cannot be opened */
async function order(config: NodeConfig, wanted: Order): Promise<Done> {
  const answer = (await askNode(config.dataFolder, wanted)) ?? (await askStore(config, wanted));
  if (answer.kind === "refused") throw new Exit(FAILED, answer.why);
  return answer;
}

async function askStore({ dataFolder: folder, settings }: NodeConfig, wanted: Order): Promise<OrderAnswer> {
  const { master } = settings;
  const masterAt = master && `${master.address} port ${master.ports.tls}`;
  const store = await openStore({ folder, now: monotonicMs, ...(masterAt !== undefined && { masterAt }) });
  try {
    return answerTo(wanted, store.directory);
  } finally {
    store.close();
  }
}

function tellEdit({ changes, version, objects }: Done): void {
  print(
    `${changes === 0 ? "nothing changed" : "done"}: version ${version}, ${count(objects.length, "object")}`,
  );
}
