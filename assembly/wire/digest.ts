// Answers a digest challenge. RFC 7616 §3.4, RFC 8760 §2, RFC 2617 §3.2.2.
//
// The formulas of the standard stand here as texts over the draft: $a account, $r realm, $p password,
// $n nonce, $v nonce count, $w cnonce, $m method, $d domain, $h and $j the hashes made before.

import { hashEnd, hashStart, SHA256 } from "../base/hash";
import { PROXY_ASKS } from "./challenge";
import { draft, hashKind, held, isSession, REQUEST, SECRET, write } from "./draft";
import { intoHash } from "./write";

/** Writes the Authorization or Proxy-Authorization line that answers `challenge`; 0: none. */
export function authorization(challenge: usize): void {
  if (challenge === 0) return;
  draft().challenge = challenge;
  respond();
  if (held().asker === <u8>PROXY_ASKS) write(utf8("Proxy-\0"));
  write(utf8('Authorization: Digest username="$a", realm="$r", nonce="$n"\0'));
  write(utf8(', uri="sip:$d", response="$h", algorithm=\0'));
  if (hashKind() === SHA256) write(utf8("SHA-256\0"));
  else write(utf8("MD5\0"));
  if (isSession()) write(utf8("-sess\0"));
  if (held().hasOpaque !== 0) write(utf8(', opaque="$o"\0'));
  if (held().qop !== 0) write(utf8(", qop=auth, nc=$v\0"));
  if (held().qop !== 0 || isSession()) write(utf8(', cnonce="$w"\0'));
  write(utf8("\r\n\0"));
}

/** Makes the response, $h. RFC 7616 §3.4.1; without qop RFC 2617 §3.2.2.1. */
function respond(): void {
  start();
  write(utf8("$a:$r:$p\0")); // A1, RFC 7616 §3.4.2
  end(SECRET);
  if (isSession()) {
    start();
    write(utf8("$h:$n:$w\0"));
    end(SECRET);
  }
  start();
  write(utf8("$m:sip:$d\0")); // A2, RFC 7616 §3.4.3
  end(REQUEST);
  start();
  write(utf8("$h:$n:\0"));
  if (held().qop !== 0) write(utf8("$v:$w:auth:\0"));
  write(utf8("$j\0"));
  end(SECRET);
}

function start(): void {
  hashStart(hashKind());
  intoHash(true);
}

function end(out: usize): void {
  hashEnd(out);
  intoHash(false);
}
