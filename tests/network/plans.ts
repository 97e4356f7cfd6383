// The plan of a run for a transport. Over TLS both servers have one certificate, for their addresses, from an
// authority that only this process knows. Below: town.ts. Above: the tests.

import { writeFileSync } from "node:fs";
import { Authority } from "../../host/node/certificates.ts";
import type { Params, Transport } from "../real/phone.ts";
import { ONE_LINE, QUICK } from "../real/quick.ts";
import { filesOf } from "../real/stage.ts";
import { BACKUP, FOLDER, PRIMARY, type TownPlan } from "./town.ts";

type Identity = Required<Pick<TownPlan, "identity">> & { readonly tlsCaFile: string };

let identity: Promise<Identity> | undefined;

/** @param params what differs from QUICK */
export async function planFor(transport: Transport, name: string, params: Params = {}): Promise<TownPlan> {
  const plan = { name: `${transport} ${name}`, transport, lines: ONE_LINE };
  if (transport !== "tls") return { ...plan, params: { ...QUICK, ...params } };
  identity ??= makeIdentity();
  const { tlsCaFile, identity: servers } = await identity;
  return { ...plan, params: { ...QUICK, tlsCaFile, ...params }, identity: servers };
}

async function makeIdentity(): Promise<Identity> {
  const authority = await Authority.create();
  const tlsCaFile = `${filesOf(FOLDER, `authority ${process.pid}`)}.pem`;
  writeFileSync(tlsCaFile, authority.certificate);
  const names = [PRIMARY, BACKUP].map((value) => ({ type: "ip" as const, value }));
  return { identity: await authority.issue({ names }), tlsCaFile };
}
