// `standfast pair init`: a pair that works, in a folder.
import { Command } from "commander";
import { writeEndpoint } from "../node/address.ts";
import { type NodePlace, placeAt, writePair } from "../node/pair/init.ts";
import { print } from "./print.ts";
import { whole } from "./run.ts";

const HELP = `
Examples:
  standfast pair init mypair
  standfast pair init mypair --master 192.0.2.1 --standby 192.0.2.2 --realm pbx.example.com

Writes master.toml, standby.toml, an authority with a certificate for each node, the PBX password, and three example
objects (6001, 6002, 6003) with one password and ten licences. On two machines, copy what the standby needs:
standby.toml, standby.pem, standby.key, authority.pem, pbx-password.`;

interface InitOptions {
  readonly master: string;
  readonly standby: string;
  readonly realm: string;
  readonly port: number;
}

/** Ports of the second node of one machine begin this much later. */
const APART = 10;

export function initCommand(): Command {
  return new Command("init")
    .summary("write a pair that works")
    .description("Write the configurations, certificates and example objects of a pair that works.")
    .argument("<folder>", "where; it is made")
    .option("--master <address>", "address of the master", "127.0.0.1")
    .option("--standby <address>", "address of the standby", "127.0.0.1")
    .option("--realm <domain>", "domain of the addresses of record", "pbx.invalid")
    .option("--port <number>", "first of its ports: SIP, SIP over TLS, replication, HTTP", whole, 5060)
    .addHelpText("after", HELP)
    .action(init);
}

async function init(folder: string, { master, standby, realm, port }: InitOptions): Promise<void> {
  const isOneHost = master === standby;
  const places = {
    master: placeAt(master, port),
    standby: placeAt(standby, isOneHost ? port + APART : port),
  };
  const written = await writePair({
    folder,
    realm,
    ...places,
    users: ["6001", "6002", "6003"],
    licences: { registrations: 10, standby: 10 },
  });
  print(
    `A pair is in ${folder}. Start both nodes, each in a terminal:`,
    `  standfast pair run ${written.master}`,
    `  standfast pair run ${written.standby}`,
    "Then see whether all is well, and register a phone:",
    `  standfast pair verify ${written.master} ${written.standby}`,
    `  standfast run --primary ${sipOf(places.master)} --backup ${sipOf(places.standby)} --domain ${realm} --user 6001 --password-file ${written.phonePasswordFile} --param primaryDetectInterval=5`,
  );
}

function sipOf({ address, udp }: NodePlace): string {
  return writeEndpoint({ address, port: udp });
}
