// The configuration of a case: as many servers and lines as it has, with passwords that differ everywhere.
//
// Above: case.ts, trial.ts.

import { type PhoneConfig, type ServerConfig, serverName } from "../config/model.ts";
import type { Settings } from "../params/table.ts";

/** How large a phone is. */
export interface PhoneShape {
  readonly servers: number;
  readonly lines: number;
}

/** Servers and lines by name, in order. */
export function namesOf({ servers, lines }: PhoneShape): { servers: string[]; lines: string[] } {
  return {
    servers: upTo(servers).map(serverName),
    lines: upTo(lines).map((index) => `${6000 + index}`),
  };
}

export function phoneOf(
  shape: PhoneShape,
  settings: Settings,
  transport: ServerConfig["transport"],
): PhoneConfig {
  const names = namesOf(shape);
  return {
    settings,
    local: { random: false, port: 5060, min: 50_000, max: 60_000 },
    acceptList: [],
    outboundProxyInDialog: false,
    servers: names.servers.map((name, rank) => ({
      name,
      host: `pbx${rank + 1}.example`,
      port: 5060,
      transport,
      domain: "sip.example",
    })),
    lines: names.lines.map((number) => ({
      number,
      display: "",
      credentials: names.servers.map((_, rank) => ({ account: number, password: `secret-${rank}` })),
    })),
  };
}

function upTo(count: number): number[] {
  return [...Array(count).keys()];
}
