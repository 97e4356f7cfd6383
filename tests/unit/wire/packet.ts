// Datagrams for specs: written as strings, put where the core reads them.

import { RX, RX_SIZE } from "../../../assembly/base/memory";
import { MALFORMED, TRUNCATED } from "../../../assembly/wire/lines";
import { scan } from "../../../assembly/wire/scan";

/** Puts a datagram into RX. Behind it lies `rest`, as an older and longer one would leave it. */
export function arrive(text: string, rest: u8 = 0x30): u32 {
  memory.fill(RX, rest, RX_SIZE);
  return <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, RX);
}

/** What scan() says of it. */
export function read(text: string): string {
  return verdict(scan(arrive(text)));
}

/** A result of scan() in words. */
export function verdict(result: i32): string {
  if (result === 0) return "ok";
  if (result === MALFORMED) return "malformed";
  return result === TRUNCATED ? "truncated" : result.toString();
}

const VIA = "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;received=198.51.100.7;rport=5062\r\n";
const ADDRESSES = "From: <sip:6001@example.com>;tag=f1\r\nTo: <sip:6001@example.com>;tag=t1\r\n";
const CALL = "Call-ID: c1\r\n";

/** An answer to our REGISTER with `more` header lines. */
export function answer(status: string, more: string = ""): string {
  return "SIP/2.0 " + status + "\r\n" + VIA + ADDRESSES + CALL + "CSeq: 7 REGISTER\r\n" + more + "\r\n";
}

/** A request with `more` header lines. */
export function request(method: string, uri: string, more: string = ""): string {
  const cseq = "CSeq: 7 " + method + "\r\n";
  return method + " " + uri + " SIP/2.0\r\n" + VIA + ADDRESSES + CALL + cseq + more + "\r\n";
}

/** A message of these header lines, without the usual ones; split by `|`. */
export function lines(text: string): string {
  return text.split("|").join("\r\n") + "\r\n\r\n";
}
