// Messages as bytes: four bytes of length, a seal, and JSON.
//
// The seal is an HMAC over the place of the message in the stream and its bytes: without TLS too nobody on the way can
// change, add, drop or repeat a message unnoticed. Messages of the handshake have none yet; they are short.
// Below: messages.ts. Above: peer.ts.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { isSame } from "./handshake.ts";
import { type Message, readMessage } from "./messages.ts";

const HEAD = 4;
const SEAL = 32;
/** The longest message before both sides have proven themselves, and after it. */
export const BARE_MAX = 1024;
export const SEALED_MAX = 262_144;

/** The bytes are no message, or not from who they should be from. */
export class BrokenFrame extends Error {}

/** One direction of a connection, on the side that sends. */
export class FrameWriter {
  #count = 0;

  /** @param key undefined: a message of the handshake */
  write(message: Message, key: Uint8Array | undefined): Uint8Array {
    const body = new TextEncoder().encode(JSON.stringify(message));
    const seal = key === undefined ? new Uint8Array() : sealed(key, this.#count++, body);
    const frame = new Uint8Array(HEAD + seal.length + body.length);
    new DataView(frame.buffer).setUint32(0, seal.length + body.length);
    frame.set(seal, HEAD);
    frame.set(body, HEAD + seal.length);
    return frame;
  }
}

/** On the side that receives: bytes in any pieces. */
export class FrameReader {
  #held: Uint8Array = new Uint8Array();
  #count = 0;

  push(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#held.length + bytes.length);
    joined.set(this.#held);
    joined.set(bytes, this.#held.length);
    this.#held = joined;
  }

  /**
   * The next whole message; undefined: it is still coming.
   * @param key of the other side, once it has proven itself
   * @throws BrokenFrame
   */
  next(key: Uint8Array | undefined): Message | undefined {
    if (this.#held.length < HEAD) return undefined;
    const length = new DataView(this.#held.buffer, this.#held.byteOffset).getUint32(0);
    if (length > (key === undefined ? BARE_MAX : SEALED_MAX))
      throw new BrokenFrame(`a message of ${length} bytes`);
    if (this.#held.length < HEAD + length) return undefined;
    const frame = this.#held.subarray(HEAD, HEAD + length);
    this.#held = this.#held.subarray(HEAD + length);
    return parse(key === undefined ? frame : this.#opened(frame, key));
  }

  #opened(frame: Uint8Array, key: Uint8Array): Uint8Array {
    const body = frame.subarray(SEAL);
    if (!isSame(frame.subarray(0, SEAL), sealed(key, this.#count++, body)))
      throw new BrokenFrame("a message with a wrong seal");
    return body;
  }
}

function sealed(key: Uint8Array, count: number, body: Uint8Array): Uint8Array {
  const place = new Uint8Array(8);
  new DataView(place.buffer).setBigUint64(0, BigInt(count));
  return hmac.create(sha256, key).update(place).update(body).digest();
}

function parse(body: Uint8Array): Message {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new BrokenFrame("a message that is no JSON");
  }
  const message = readMessage(value);
  if (message === undefined) throw new BrokenFrame("a message that does not belong here");
  return message;
}
