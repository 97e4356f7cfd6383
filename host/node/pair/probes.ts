// How each component of a node finds out whether it could work. docs/readiness.md.
//
// A probe looks once and says what it found; it may be asked again. Below: host/core/load.ts, tls.ts, port-check.ts.
// Above: start-check.ts, node.ts.
import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { type CompiledModule, instantiate } from "../../core/load.ts";
import { codeOf } from "../error.ts";
import type { Identity } from "../pbx-listen.ts";
import { readAuthorities } from "../tls.ts";
import { checkPorts } from "./port-check.ts";

/** waits: it may come by itself, and the timeout decides. */
export type Finding =
  | { readonly kind: "initialised" }
  | { readonly kind: "waits" | "failed"; readonly why: string };

export type Probe = () => Finding | Promise<Finding>;

/** @param why undefined: it works */
export function verdict(why: string | undefined): Finding {
  return why === undefined ? { kind: "initialised" } : { kind: "failed", why };
}

/** Whether the module of the line to the master can be made an instance of. */
export function probeModule(module: Uint8Array | (() => CompiledModule)): Finding {
  try {
    instantiate(module instanceof Uint8Array ? module : module());
    return { kind: "initialised" };
  } catch (error) {
    return { kind: "failed", why: `${(error as Error).message}; install the program again` };
  }
}

/** What a node shows and trusts, and where it is. */
export interface TransportGround {
  readonly identity: Identity;
  readonly authorityFile: string;
  readonly address: string;
  readonly now: Date;
}

export async function probeTransport(ground: TransportGround): Promise<Finding> {
  return verdict(whyNoTls(ground) ?? (await checkPorts([{ ...ground, port: 0, transport: "udp" }])));
}

function whyNoTls({ identity, authorityFile, address, now }: TransportGround): string | undefined {
  try {
    createSecureContext({ key: identity.key, cert: identity.certificate });
    readAuthorities(authorityFile);
    return whyNotOurs(new X509Certificate(identity.certificate), address, now);
  } catch (error) {
    return `certificateFile, keyFile and authorityFile do not fit: ${(error as Error).message ?? codeOf(error)}`;
  }
}

function whyNotOurs(certificate: X509Certificate, address: string, now: Date): string | undefined {
  const { validFrom, validTo } = certificate;
  if (now < new Date(validFrom))
    return `certificateFile is valid from ${validFrom} on; set the clock, or renew it`;
  if (now > new Date(validTo)) return `certificateFile has expired, ${validTo}; renew it`;
  if (certificate.checkIP(address) !== undefined) return undefined;
  return `certificateFile is not for ${address} (${certificate.subjectAltName ?? certificate.subject}); have it issued for that`;
}
