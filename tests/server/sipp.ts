// SIPp as a registrar that answers well to heartbeats and badly, or never, to a REGISTER.
//
// Below: real/server.ts, sipp/*.xml. Above: bench.ts.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Binding } from "../real/location.ts";
import { type Endpoint, endpointText } from "../real/probe.ts";
import { Server } from "../real/server.ts";

/** What every REGISTER gets: an answer with one header line of choice, or nothing at all. */
export type Misbehaviour =
  | { readonly kind: "answers"; readonly status: string; readonly header: string }
  | { readonly kind: "redirects" }
  | { readonly kind: "swallows" };

const SCENARIO = "scenario.xml";

export class Sipp extends Server {
  /** @param backup whereto it redirects */
  constructor(endpoint: Endpoint, misbehaviour: Misbehaviour, backup: Endpoint) {
    super(endpoint);
    writeFileSync(join(this.directory, SCENARIO), scenario(misbehaviour, backup));
  }

  /** It grants nothing. */
  override async table(): Promise<Binding[]> {
    return [];
  }

  protected override commandLine(): readonly string[] {
    const { address, port } = this.endpoint;
    return [
      ...["sipp", "-sf", join(this.directory, SCENARIO), "-i", address, "-p", String(port)],
      ...["-bind_local", "-ci", address, "-cp", String(port + 1), "-nostdin"],
      ...["-default_behaviors", "none", "-rtcheck", "loose"],
    ];
  }
}

function scenario(misbehaviour: Misbehaviour, backup: Endpoint): string {
  switch (misbehaviour.kind) {
    case "answers":
      return answering(misbehaviour.status, misbehaviour.header);
    case "redirects":
      return answering("302 Moved Temporarily", `Contact: <sip:${endpointText(backup)}>`);
    case "swallows":
      return readFileSync("tests/server/sipp/swallows.xml", "utf8");
  }
}

function answering(status: string, header: string): string {
  const text = readFileSync("tests/server/sipp/answers.xml", "utf8");
  return text.replace("SIP/2.0 STATUS", `SIP/2.0 ${status}`).replace("\nHEADER\n", `\n${header}\n`);
}
