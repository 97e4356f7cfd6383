// DHCP option 120: the servers that a network names to its phones. RFC 3361.
//
// The payload is what stands behind the option's code and length; options that were split (RFC 3396)
// are joined already. Whoever has the DHCP client hands it over. Above: the command line, host/index.ts.

import { isHost } from "./host.ts";
import { type PhoneConfig, SERVERS_MAX, type ServerConfig, serverName } from "./model.ts";

export type Option120 =
  /** Names or IPv4 addresses, one at least, in order of preference. */
  | { readonly kind: "servers"; readonly hosts: readonly string[] }
  | { readonly kind: "malformed"; readonly why: string };

const NAMES = 0;
const ADDRESSES = 1;
const ADDRESS_BYTES = 4;
/** RFC 1035 §2.3.4. */
const LABEL_MAX = 63;
const NAME_MAX = 255;

/** Never throws, whatever the bytes are. */
export function readOption120(payload: Uint8Array): Option120 {
  const [encoding, ...rest] = payload;
  if (encoding === undefined) return malformed("it is empty");
  if (encoding !== NAMES && encoding !== ADDRESSES)
    return malformed(`encoding ${encoding} is neither 0 nor 1`);
  if (rest.length === 0) return malformed("it names no server");
  return encoding === NAMES ? names(rest) : addresses(rest);
}

/** RFC 3361 §3.1: names as RFC 1035 §3.1 has them, one behind the other, without compression. */
function names(bytes: readonly number[]): Option120 {
  const hosts: string[] = [];
  let labels: string[] = [];
  let nameBytes = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] as number;
    const end = at + 1 + length;
    nameBytes += 1 + length;
    if (length > LABEL_MAX)
      return malformed(`a label of ${length} bytes, or a compressed name, which is not allowed here`);
    if (end > bytes.length) return malformed("its last name is cut off");
    if (nameBytes > NAME_MAX) return malformed(`a name is longer than ${NAME_MAX} bytes`);
    if (length > 0) labels.push(String.fromCharCode(...bytes.slice(at + 1, end)));
    else {
      hosts.push(labels.join("."));
      labels = [];
      nameBytes = 0;
    }
    at = end;
  }
  if (labels.length > 0) return malformed("its last name is cut off");
  const wrong = hosts.findIndex((host) => !isHost(host) || host.includes(":"));
  return wrong < 0 ? { kind: "servers", hosts } : malformed(`name ${wrong + 1} is no host name`);
}

/** RFC 3361 §3.2: IPv4 addresses, one behind the other. */
function addresses(bytes: readonly number[]): Option120 {
  if (bytes.length % ADDRESS_BYTES !== 0)
    return malformed(`${bytes.length} bytes are no list of IPv4 addresses`);
  const hosts: string[] = [];
  for (let at = 0; at < bytes.length; at += ADDRESS_BYTES)
    hosts.push(bytes.slice(at, at + ADDRESS_BYTES).join("."));
  const wrong = hosts.find((host) => host === "0.0.0.0" || host === "255.255.255.255");
  return wrong === undefined ? { kind: "servers", hosts } : malformed(`${wrong} is the address of no server`);
}

function malformed(why: string): Option120 {
  return { kind: "malformed", why };
}

/** What came of an option: the configuration to run with, and a remark for people. */
export interface Overridden {
  readonly config: PhoneConfig;
  readonly remark: string;
}

/**
 * The configuration with the servers that DHCP names in place of its own, where `dhcpOption120` is on
 * and the option is well formed; else as it was. Beyond the fourth none is used. Each has the primary's
 * transport, no configured port, the credentials of its rank (of the primary where there are none), and
 * as its domain the one that was configured, or its own name.
 */
export function withOption120(config: PhoneConfig, payload: Uint8Array): Overridden {
  if (config.dhcpOption120 !== true) {
    return { config, remark: "DHCP option 120 is not used: dhcpOption120 is off" };
  }
  const option = readOption120(payload);
  if (option.kind === "malformed") {
    return { config, remark: `DHCP option 120 is not used: ${option.why}; the configured servers stay` };
  }
  const hosts = [...new Set(option.hosts)].slice(0, SERVERS_MAX);
  const servers = hosts.map((host, rank) => serverAt(config, host, rank));
  const lines = config.lines.map((line) => ({
    ...line,
    credentials: hosts.map((_, rank) => line.credentials[rank] ?? line.credentials[0] ?? null),
  }));
  return {
    config: { ...config, servers, lines },
    remark: `DHCP option 120 names the servers: ${hosts.join(", ")}`,
  };
}

function serverAt({ servers }: PhoneConfig, host: string, rank: number): ServerConfig {
  const [primary] = servers;
  if (primary === undefined) throw new TypeError("a configuration has a server at least");
  const { transport, domain } = primary;
  const hasDomain = domain !== primary.host;
  return {
    name: serverName(rank),
    host,
    port: 5060,
    isDefaultPort: true,
    transport,
    domain: hasDomain ? domain : host,
  };
}
