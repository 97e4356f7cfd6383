// TLS towards a server: whom we trust, whose name must stand in the certificate, and what a failure means.
//
// The name is the one of the configuration and never the address it was resolved to: whoever can forge an
// answer of the DNS must not choose the certificate. RFC 5922 §7.1 says where the name may stand. There is no
// way around a check, and none back to plain text. Above: connect.ts.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from "node:tls";
import { codeOf, HostError } from "./error.ts";

/** What one server is checked against. */
export interface Security {
  /** Host as configured: a name or an address. */
  readonly host: string;
  /** PEM of the authorities that are trusted instead of those that Node brings; undefined: those. */
  readonly ca: readonly string[] | undefined;
}

/** Why a handshake failed. */
export type TlsFailure = "tls" | "tlsExpired" | "tlsName" | "tlsUntrusted";

/**
 * The authorities of a file, PEM, one or more.
 * @throws CaFileError: it cannot be read, or holds no certificate
 */
export function readAuthorities(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw caError(path, `cannot be read (${codeOf(error)})`);
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw caError(path, "holds no certificate");
  if (!certificates.every(isCertificate)) throw caError(path, "holds a certificate that is torn");
  return certificates;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Node would leave out what it cannot read, and then turn every server down. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function caError(path: string, what: string): CaFileError {
  const remedy = "write the authority's certificate there as PEM, or leave tlsCaFile empty";
  return new CaFileError(`tlsCaFile = ${path} ${what}`, remedy);
}

/** "ca-file": the mistake and the way out, apart for those who tell the place between them. */
export class CaFileError extends HostError {
  readonly mistake: string;
  readonly remedy: string;

  constructor(mistake: string, remedy: string) {
    super("ca-file", `${mistake}; ${remedy}`);
    this.mistake = mistake;
    this.remedy = remedy;
  }
}

/** An address is never sent as the name that is wanted. RFC 6066 §3. */
export function tlsOptions({ host, ca }: Security): ConnectionOptions {
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    servername: isIP(host) === 0 ? host : "",
    checkServerIdentity: (_name, certificate) => checkName(host, certificate),
    ...(ca && { ca: [...ca] }),
  };
}

/** An address must stand there as an address; a name as DNS name or as the host of a SIP URI. */
export function checkName(host: string, certificate: PeerCertificate): Error | undefined {
  if (isIP(host) === 0 && sipHosts(certificate).includes(host.toLowerCase())) return undefined;
  return checkServerIdentity(host, certificate);
}

/** Entries that hold a comma or a quote are quoted by Node, and none of them is a host. */
function sipHosts({ subjectaltname = "" }: PeerCertificate): readonly string[] {
  const entries = subjectaltname.replace(/"(?:[^"\\]|\\.)*"/g, "").split(", ");
  return entries.flatMap((entry) => /^URI:sips?:([^@;?]+)$/i.exec(entry)?.[1]?.toLowerCase() ?? []);
}

/** Codes of OpenSSL's check of a chain. What is not listed is a failure of the handshake itself. */
const FAILURES: ReadonlyMap<string, TlsFailure> = new Map([
  ["CERT_HAS_EXPIRED", "tlsExpired"],
  ["CERT_NOT_YET_VALID", "tlsExpired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tlsName"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tlsUntrusted"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tlsUntrusted"],
  ["UNABLE_TO_GET_ISSUER_CERT", "tlsUntrusted"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tlsUntrusted"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tlsUntrusted"],
  ["CERT_SIGNATURE_FAILURE", "tlsUntrusted"],
  ["CERT_CHAIN_TOO_LONG", "tlsUntrusted"],
  ["PATH_LENGTH_EXCEEDED", "tlsUntrusted"],
  ["INVALID_CA", "tlsUntrusted"],
  ["INVALID_PURPOSE", "tlsUntrusted"],
  ["CERT_UNTRUSTED", "tlsUntrusted"],
  ["CERT_REJECTED", "tlsUntrusted"],
  ["CERT_REVOKED", "tlsUntrusted"],
]);

export function tlsFailure(code: string): TlsFailure {
  return FAILURES.get(code) ?? "tls";
}

/**
 * The failure for people, with the way out.
 * @param now by the clock of this machine: a phone whose battery is empty starts in 1970, and then every certificate is
 *            one of the future
 */
export function tlsRemark(failure: TlsFailure, host: string, error: Error, now: Date): string {
  switch (failure) {
    case "tlsExpired": {
      const today = now.toISOString().slice(0, 16).replace("T", " ");
      const when = codeOf(error) === "CERT_NOT_YET_VALID" ? "is not valid yet" : "has expired";
      return `its certificate ${when} by the clock of this machine, which says ${today} UTC; if that is wrong set the clock, else renew the certificate`;
    }
    case "tlsName":
      return `its certificate is not for ${host} (${names(error)}); configure the server by a name of its certificate, or have it issued for ${host}`;
    case "tlsUntrusted":
      return `nobody we trust has signed its certificate (${codeOf(error)}); name the file of its authority in tlsCaFile`;
    case "tls":
      return `the TLS handshake failed (${codeOf(error)}); does it speak TLS 1.2 or later on that port?`;
  }
}

/** The names that the certificate has, as Node tells them. */
function names(error: Error): string {
  const { cert } = error as { cert?: PeerCertificate };
  return cert?.subjectaltname ?? cert?.subject?.CN?.toString() ?? "it has no name";
}
