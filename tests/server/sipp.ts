// SIPp as a registrar that misbehaves by a script.
//
// Below: ../real/server.ts, script.ts. Above: bench.ts, answers/bed.ts.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Binding } from "../real/location.ts";
import type { Endpoint } from "../real/probe.ts";
import { Server } from "../real/server.ts";
import { type Script, scenario } from "./script.ts";

const SCENARIO = "scenario.xml";

export class Sipp extends Server {
  /** @param places what `{name}` in the script stands for */
  constructor(endpoint: Endpoint, script: Script, places: Readonly<Record<string, string>>) {
    super(endpoint);
    writeFileSync(join(this.directory, SCENARIO), scenario(script, places));
  }

  /** What it grants stands nowhere. */
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
