// Why replication does not run: each case with a name for programs, and for people what is wrong and the way out.
//
// Above: the sessions of this folder, host/node/pair/replication-client.ts.

import type { Refusal } from "./messages.ts";

export type TroubleCode =
  | Refusal
  /** The master did not prove that it knows the password. */
  | "falseMaster"
  /** The master was never edited, and this standby holds objects. */
  | "masterEmpty"
  /** What came is no replication, or was changed on its way. */
  | "broken"
  /** Connected, and nothing comes any more. */
  | "silent"
  /** No connection. */
  | "unreachable"
  /** The certificate, or TLS itself. */
  | "tls"
  /** The other side closed. */
  | "closed"
  /** What came could not be kept here. */
  | "store";

const TEXTS: Readonly<Record<TroubleCode, string>> = {
  wrongPassword: "the PBX passwords of the two nodes differ: write the same one to pbxPasswordFile of both",
  protocol:
    "the two nodes run versions of the program that do not understand each other: install one version on both",
  nameTaken:
    "another node of this name is connected to the master, or the master has it: give each node a name and a data folder of its own",
  falseMaster:
    "the node at the address of the master does not know the PBX password: is the address right, and the password the same?",
  masterEmpty:
    "the master has no objects and was never edited, so the objects here are kept: if its disk was lost, stop it and copy the data folder of this node to it",
  broken:
    "what came from the other node was damaged or is no replication: do replicationTls and the ports fit?",
  silent: "the other node does not answer: does it run, and is replicationTls the same at both?",
  unreachable: "the master cannot be reached",
  tls: "TLS with the master failed",
  closed: "the other node closed the connection",
  store: "what came could not be written to the data folder, and was not acknowledged: is the disk full?",
};

/** The end of a connection, with its reason. */
export class Trouble extends Error {
  readonly code: TroubleCode;

  /** @param detail behind the text */
  constructor(code: TroubleCode, detail = "") {
    super(detail === "" ? TEXTS[code] : `${TEXTS[code]} (${detail})`);
    this.code = code;
  }
}
