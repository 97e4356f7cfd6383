// Where the first message of a stream ends. RFC 3261 §18.3; keepalives between messages: RFC 5626 §4.4.1.
//
// Written apart from the reader of the core, as all of this folder: one checks the other. Above: host/node.
import { latin1 } from "./message.ts";

const [LF, CR, SPACE] = [10, 13, 32];
/** The longest head that is read. */
const HEAD_MAX = 65_535;

/**
 * @returns 0: the first unit is not whole yet; n: it is a message, or a CRLF, of n bytes, which may be more than there
 *          are; -1: no SIP
 */
export function unitLength(bytes: Uint8Array): number {
  const [first, second] = bytes;
  if (first === undefined) return 0;
  if (first === CR && (second === undefined || second === LF)) return second === undefined ? 0 : 2;
  if (first <= SPACE) return -1;
  const text = latin1(bytes.subarray(0, HEAD_MAX));
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return text.length === HEAD_MAX ? -1 : 0;
  const length = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d+)[ \t]*\r\n/i.exec(text.slice(0, end + 2));
  return length === null ? -1 : end + 4 + Number(length[1]);
}
