// What the host tells before the start: servers, texts, the seed. Some of it may change later.
//
// Below: session/, base/. Above: index.

import {
  E_LENGTH,
  E_LINE,
  E_RANGE,
  E_SERVER,
  E_STATE,
  E_TEXT,
  OK,
  TEXT_ACCOUNT,
  TEXT_ADDRESS,
  TEXT_AGENT,
  TEXT_COUNT,
  TEXT_DISPLAY,
  TEXT_DOMAIN,
  TEXT_HOST,
  TEXT_LOCAL,
  TEXT_OLD_CONTACT,
  TEXT_PASSWORD,
  TEXT_USER,
  TRANSPORT_TLS,
  TRANSPORT_UDP,
} from "../abi";
import { equals } from "../base/bytes";
import { LINES, SERVERS, STREAMS } from "../base/limits";
import { RX, RX_SIZE } from "../base/memory";
import { keepText, textFrom, textLength } from "../base/text";
import { ACCOUNT_TEXT, accountOf, displayOf, NAME_SIZE, passwordOf, userOf } from "../session/account";
import { AGENT_SIZE, agentText, INSTANCE_SIZE, instanceText } from "../session/device";
import {
  addressOf,
  domainOf,
  HOST_SIZE,
  hostOf,
  LOCAL_SIZE,
  localOf,
  OPEN,
  oldContactOf,
  SHUT,
  server,
} from "../session/server";
import { relocate } from "./address";
import { OFF, phone } from "./state";

/** Declares server `at`; its rank is its index. */
export function setServer(at: u32, port: u32, transport: u32): i32 {
  if (at >= SERVERS) return E_SERVER;
  if (port === 0 || port > 65535 || transport > <u32>(STREAMS !== 0 ? TRANSPORT_TLS : TRANSPORT_UDP))
    return E_RANGE;
  if (phone().phase !== OFF) return E_STATE;
  server(at).port = <u16>port;
  server(at).transport = <u8>transport;
  server(at).flow = transport === 0 ? OPEN : SHUT;
  return OK;
}

/** Sets a text from the first `length` bytes of RX. Only credentials and addresses may change after the start. */
export function setText(what: u32, index: u32, at: u32, length: u32): i32 {
  if (what >= <u32>TEXT_COUNT) return E_TEXT;
  if (length > RX_SIZE) return E_LENGTH;
  if (isOfLine(what) && index >= LINES) return E_LINE;
  if (isOfServer(what) && at >= SERVERS) return E_SERVER;
  if (phone().phase !== OFF && !mayChange(what)) return E_STATE;
  const slot = slotOf(what, index, at);
  if (what === <u32>TEXT_LOCAL && equals(RX, length, textFrom(slot), textLength(slot))) return OK;
  const result = keepText(slot, sizeOf(what), RX, length);
  if (result === OK && what === <u32>TEXT_LOCAL) relocate(at);
  return result;
}

function isOfLine(what: u32): bool {
  return what <= <u32>TEXT_PASSWORD;
}

function isOfServer(what: u32): bool {
  return (what >= <u32>TEXT_ACCOUNT && what <= <u32>TEXT_LOCAL) || what === <u32>TEXT_OLD_CONTACT;
}

function mayChange(what: u32): bool {
  return (
    what === <u32>TEXT_ACCOUNT ||
    what === <u32>TEXT_PASSWORD ||
    what === <u32>TEXT_ADDRESS ||
    what === <u32>TEXT_LOCAL
  );
}

function slotOf(what: u32, index: u32, at: u32): usize {
  switch (what) {
    case TEXT_USER:
      return userOf(index);
    case TEXT_DISPLAY:
      return displayOf(index);
    case TEXT_ACCOUNT:
      return accountOf(index, at);
    case TEXT_PASSWORD:
      return passwordOf(index, at);
    case TEXT_HOST:
      return hostOf(at);
    case TEXT_ADDRESS:
      return addressOf(at);
    case TEXT_DOMAIN:
      return domainOf(at);
    case TEXT_LOCAL:
      return localOf(at);
    case TEXT_AGENT:
      return agentText();
    case TEXT_OLD_CONTACT:
      return oldContactOf(at);
  }
  return instanceText();
}

// Bytes of each text with its length byte, in the order of TEXT_*.
const SIZES: usize = memory.data<u8>([
  <u8>NAME_SIZE,
  <u8>NAME_SIZE,
  <u8>ACCOUNT_TEXT,
  <u8>ACCOUNT_TEXT,
  <u8>HOST_SIZE,
  <u8>LOCAL_SIZE,
  <u8>HOST_SIZE,
  <u8>LOCAL_SIZE,
  <u8>AGENT_SIZE,
  <u8>(INSTANCE_SIZE - 2), // the mark adds a digit
  <u8>LOCAL_SIZE,
]);

function sizeOf(what: u32): u32 {
  return load<u8>(SIZES + what);
}
