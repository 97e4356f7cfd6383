// Where a command takes its configuration from: a file, or options that need none.
import { type Command, Option } from "commander";
import type { Reading } from "../config/build.ts";
import { describeError, describeIgnored } from "../config/error.ts";
import { readConfigFile, readPasswordFile } from "../config/file.ts";
import type { PhoneConfig, Transport } from "../config/model.ts";
import { withOption120 } from "../config/option120.ts";
import { fromOptions } from "../config/options.ts";
import { CaFileError, readAuthorities } from "../node/tls.ts";
import { Exit, USAGE } from "./exit.ts";
import { remark, remarks } from "./print.ts";
import { repeatable } from "./repeatable.ts";

export interface ConfigOptions {
  readonly config?: string;
  readonly primary?: string;
  readonly backup?: readonly string[];
  readonly user?: readonly string[];
  readonly account?: string;
  readonly display?: string;
  readonly domain?: string;
  readonly transport?: Transport;
  readonly ca?: string;
  readonly passwordFile?: string;
  readonly param?: readonly string[];
  readonly dhcpOption120?: string;
}

/** Adds the options that say which configuration. */
export function withConfig(command: Command): Command {
  return command
    .option("-c, --config <file>", "configuration: TOML when it ends in .toml, else the phone's key=value")
    .option("--primary <host[:port]>", "primary server, instead of a file")
    .addOption(repeatable("--backup <host[:port]>", "backup server; up to three times, in order"))
    .addOption(repeatable("--user <number>", "phone number of a line; once for each"))
    .option("--password-file <file>", "file whose first line is the password of lines without one")
    .option("--account <name>", "digest user name, where it is not the number")
    .option("--display <name>", "display name")
    .option("--domain <name>", "domain of the addresses, where it is not the server's host")
    .addOption(
      new Option("--transport <which>", "how every server is reached").choices(["udp", "tcp", "tls"]),
    )
    .option("--ca <file>", "certificates of the authorities that TLS trusts, PEM")
    .option("--dhcp-option-120 <hex>", "what DHCP said in its option 120, where dhcpOption120 is on")
    .addOption(repeatable("-p, --param <name=value>", "set a parameter, over what the file says"));
}

/**
 * The configuration that the options mean; what is ignored in it is remarked on stderr.
 * @throws Exit USAGE with every mistake, one a line
 */
export function configFrom(options: ConfigOptions): PhoneConfig {
  return accepted(readingOf(options));
}

/** The same for a phone on this machine: the files that the configuration names are here too. */
export function configToRun(options: ConfigOptions): PhoneConfig {
  return accepted(readingToRun(options));
}

function accepted(reading: Reading): PhoneConfig {
  if (reading.kind === "refused") throw new Exit(USAGE, reading.errors.map(describeError).join("\n"));
  remarks(reading.ignored.map(describeIgnored));
  return reading.config;
}

/** As `configToRun`, with mistakes as data. */
export function readingToRun(options: ConfigOptions): Reading {
  const reading = readingOf(options);
  if (reading.kind === "refused" || reading.config.tlsCaFile === undefined) return reading;
  try {
    readAuthorities(reading.config.tlsCaFile);
    return reading;
  } catch (error) {
    if (!(error instanceof CaFileError)) throw error;
    const { mistake: message, remedy } = error;
    const where = reading.places.tlsCaFile ?? configName(options);
    return { kind: "refused", errors: [{ code: "ca-file", where, message, remedy }] };
  }
}

/** As `configFrom`, with mistakes as data. */
function readingOf(options: ConfigOptions): Reading {
  const reading = options.config === undefined ? fromWords(options) : fromFile(options.config, options);
  const { dhcpOption120 } = options;
  if (reading.kind === "refused" || dhcpOption120 === undefined) return reading;
  const { config, remark: told } = withOption120(reading.config, bytesOf(dhcpOption120));
  remark(told);
  return { ...reading, config };
}

/** The option of a DHCP client comes with or without colons between its bytes. */
function bytesOf(hex: string): Uint8Array {
  const digits = hex.replaceAll(":", "");
  if (/^([0-9a-f]{2})*$/i.test(digits)) return Buffer.from(digits, "hex");
  throw new Exit(USAGE, `--dhcp-option-120 ${hex} is not hexadecimal; write two digits for each byte`);
}

/** What the configuration is called in headings. */
export function configName(options: ConfigOptions): string {
  return options.config ?? "the command line";
}

function fromFile(path: string, options: ConfigOptions): Reading {
  const { primary, backup = [], user = [], account, display, domain, transport, ca, param = [] } = options;
  const alone = { primary, account, display, domain, transport, ca };
  const clash = Object.entries(alone).find(([, value]) => value !== undefined)?.[0];
  const also = clash ?? (backup.length > 0 ? "backup" : user.length > 0 ? "user" : undefined);
  if (also !== undefined) {
    throw new Exit(
      USAGE,
      `--${also} is for runs without --config; put it into ${path}, or leave --config out`,
    );
  }
  return readConfigFile(path, { password: passwordFrom(options), params: param });
}

function fromWords(options: ConfigOptions): Reading {
  const { primary, backup = [], user = [], account, display, domain, transport, ca, param = [] } = options;
  if (primary === undefined || user.length === 0) {
    throw new Exit(
      USAGE,
      "no phone to run: give --config FILE, or --primary HOST --user NUMBER --password-file FILE",
    );
  }
  return fromOptions({
    primary,
    backups: backup,
    users: user,
    password: passwordFrom(options),
    params: param,
    ...(account !== undefined && { account }),
    ...(display !== undefined && { display }),
    ...(domain !== undefined && { domain }),
    ...(transport !== undefined && { transport }),
    ...(ca !== undefined && { ca }),
  });
}

/** The password that --password-file gives; empty: none. @throws Exit USAGE */
export function passwordFrom({ passwordFile }: { readonly passwordFile?: string }): string {
  if (passwordFile === undefined) return "";
  const read = readPasswordFile(passwordFile);
  if (read.kind === "refused") throw new Exit(USAGE, describeError(read.error));
  return read.password;
}
