// A configuration without a file: `run --primary HOST --backup HOST --user 6000 --password-file F`.
//
// Below: draft.ts, build.ts. Above: the command line.

import { build, type Reading } from "./build.ts";
import { Draft } from "./draft.ts";
import { splitHostPort } from "./host.ts";
import { serverName } from "./model.ts";
import { enterParams } from "./read.ts";

export interface Options {
  /** `HOST[:PORT]`. */
  readonly primary: string;
  /** `HOST[:PORT]` of each backup in order. */
  readonly backups: readonly string[];
  /** Phone number of each line. */
  readonly users: readonly string[];
  readonly password: string;
  /** Digest user name where it is not the number. */
  readonly account?: string;
  readonly display?: string;
  /** Domain of the addresses of record where it is not the server's host. */
  readonly domain?: string;
  /** `udp`, `tcp` or `tls`. */
  readonly transport?: string;
  /** File of the authorities that TLS trusts. */
  readonly ca?: string;
  /** `NAME=VALUE`. */
  readonly params?: readonly string[];
}

/** The same model as from a file, with the same checks; messages name the option. */
export function fromOptions(options: Options): Reading {
  const draft = new Draft();
  if (options.domain !== undefined) {
    draft.enter(["proxyServer"], options.domain, "--domain", "--domain");
  }
  if (options.transport !== undefined) {
    draft.enter(["transport"], options.transport, "--transport", "--transport");
  }
  if (options.ca !== undefined) draft.enter(["tlsCaFile"], options.ca, "--ca", "--ca");
  [options.primary, ...options.backups].forEach((server, rank) => {
    const option = rank === 0 ? "--primary" : "--backup";
    const { host, port } = splitHostPort(server);
    const path = ["servers", serverName(rank)];
    draft.open(path, option);
    draft.enter([...path, "host"], host, option);
    if (port !== undefined) draft.enter([...path, "port"], port, option);
  });
  options.users.forEach((user, index) => {
    const path = ["lines", String(index + 1)];
    draft.enter([...path, "phoneNumber"], user, "--user");
    if (options.account !== undefined) draft.enter([...path, "account"], options.account, "--account");
    if (options.display !== undefined) draft.enter([...path, "displayName"], options.display, "--display");
  });
  enterParams(draft, options.params ?? []);
  return build(draft, "the command line", options.password);
}
