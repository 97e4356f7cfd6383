// The names of SIP that the core knows: header fields, with their compact forms, and methods.
//
// A name is looked up in one list of words; its place in the list is its id. What is not in the list
// is legal and read past. RFC 3261 §7.3.1, §7.3.3, §20.

import { equals, equalsFold } from "../base/bytes";
import { skipBlanks, trimEnd } from "./value";

// Header fields, by their place in NAMES. Those that may come as a list of values stand first.
export const H_END: u32 = 0; //                   the empty line after the last header
export const H_VIA: u32 = 1; //                   RFC 3261 §20.42
export const H_CONTACT: u32 = 2; //               RFC 3261 §20.10
export const H_WWW_AUTHENTICATE: u32 = 3; //      RFC 3261 §20.44
export const H_PROXY_AUTHENTICATE: u32 = 4; //    RFC 3261 §20.27
export const H_AUTHENTICATION_INFO: u32 = 5; //   RFC 3261 §20.6
export const H_FROM: u32 = 6; //                  RFC 3261 §20.20
export const H_TO: u32 = 7; //                    RFC 3261 §20.39
export const H_CALL_ID: u32 = 8; //               RFC 3261 §20.8
export const H_CSEQ: u32 = 9; //                  RFC 3261 §20.16
export const H_CONTENT_LENGTH: u32 = 10; //       RFC 3261 §20.14
export const H_EXPIRES: u32 = 11; //              RFC 3261 §20.19
export const H_MIN_EXPIRES: u32 = 12; //          RFC 3261 §20.23
export const H_RETRY_AFTER: u32 = 13; //          RFC 3261 §20.33
export const H_FLOW_TIMER: u32 = 14; //           RFC 5626 §5.4
export const H_REQUIRE: u32 = 15; //              RFC 3261 §20.32; may come as a list, and is only looked for
export const H_PATH: u32 = 16; //                 RFC 3327 §4
export const H_SERVICE_ROUTE: u32 = 17; //        RFC 3608 §5
export const H_OTHER: u32 = 18;

// Methods. RFC 3261 §7.1: their case counts.
export const M_OTHER: u32 = 0;
export const M_REGISTER: u32 = 1;
export const M_OPTIONS: u32 = 2;

/** The id of a header name, H_OTHER when it is none of ours. */
export function headerId(from: usize, to: usize): u32 {
  const names = utf8(
    "via,contact,www-authenticate,proxy-authenticate,authentication-info,from,to,call-id,cseq,content-length,expires,min-expires,retry-after,flow-timer,require,path,service-route",
  );
  const namesLength = utf8len(
    "via,contact,www-authenticate,proxy-authenticate,authentication-info,from,to,call-id,cseq,content-length,expires,min-expires,retry-after,flow-timer,require,path,service-route",
  );
  // RFC 3261 §7.3.3. A gap: the name at that place has no compact form.
  const compact = utf8("v,m,,,,f,t,i,,l");
  const compactLength = utf8len("v,m,,,,f,t,i,,l");
  let id = wordIn(names, names + namesLength, from, to);
  if (id === 0) id = wordIn(compact, compact + compactLength, from, to);
  return id === 0 ? H_OTHER : id;
}

/** The id of a method. */
export function methodId(from: usize, to: usize): u32 {
  if (equals(from, <u32>(to - from), methodFrom(M_REGISTER), 8)) return M_REGISTER;
  if (equals(from, <u32>(to - from), methodFrom(M_OPTIONS), 7)) return M_OPTIONS;
  return M_OTHER;
}

/** The bytes of a method of ours. */
export function methodFrom(method: u32): usize {
  return method === M_REGISTER ? utf8("REGISTER") : utf8("OPTIONS");
}

/** One past them. */
export function methodTo(method: u32): usize {
  return methodFrom(method) + (method === M_REGISTER ? 8 : 7);
}

/**
 * The place of a word in a list of words split by commas, blanks around them left out, case ignored.
 * @returns 1 for the first word; 0 when the list has no such word, or the word is empty
 */
export function wordIn(list: usize, listTo: usize, from: usize, to: usize): u32 {
  if (from === to) return 0;
  let place: u32 = 1;
  let at = list;
  while (at < listTo) {
    let comma = at;
    while (comma < listTo && load<u8>(comma) !== 0x2c) comma++;
    const word = skipBlanks(at, comma);
    const wordTo = trimEnd(word, comma);
    if (equalsFold(word, <u32>(wordTo - word), from, <u32>(to - from))) return place;
    place++;
    at = comma + 1;
  }
  return 0;
}
