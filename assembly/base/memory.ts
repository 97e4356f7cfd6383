// The memory map: every buffer and record of the module, in the order they lie.
//
// Zeroed blocks, so they cost no byte of the module. Whoever defines a record checks while compiling
// that its size is the one written here. `build/size.json` shows the map with the addresses.

import { LINES, SERVERS } from "./limits";

// Sizes of records, bytes; ABI.md gives the layout of those the host reads.
export const OUTPUT_SIZE: u32 = 40;
export const EVENT_SIZE: u32 = 24;
export const MESSAGE_SIZE: u32 = 288;
export const DRAFT_SIZE: u32 = 148;
export const CHALLENGE_SIZE: u32 = 368;
export const WRITER_SIZE: u32 = 8;
export const HASH_SIZE: u32 = 328;
export const RANDOM_SIZE: u32 = 72;
export const DEVICE_SIZE: u32 = 80;
export const PHONE_SIZE: u32 = 28;
export const REFUSALS_SIZE: u32 = 28;
export const SERVER_SIZE: u32 = 432;
export const LINE_SIZE: u32 = 124;
export const BINDING_SIZE: u32 = 72;
export const ACCOUNT_SIZE: u32 = 100;

// How many of each.
export const RX_SIZE: u32 = 2048; //  one datagram; RFC 3261 §18.1.1 keeps UDP below 1300
export const TX_SIZE: u32 = 1536;
export const EVENTS: u32 = 6 * LINES + 8; // the most that one input can cause
export const CHALLENGES: u32 = 2; //         per line: where it is, and where it goes
export const PARAMS_MAX: u32 = 48;
const BINDINGS: u32 = LINES * SERVERS;
export const TIMERS_COUNT: u32 = 5 + 17 * SERVERS + 6 * LINES + 4 * BINDINGS; // session/timers.ts
const TIMERS_SIZE: u32 = (5 * TIMERS_COUNT + 7) & ~7;

// Where each lies. Small addresses are short code, so what the code names most comes first, then what it
// names at all; asc-utf8.transform.mjs puts the texts of the code before BULK.
const FIRST_SIZE: u32 =
  8 + PHONE_SIZE + MESSAGE_SIZE + WRITER_SIZE + OUTPUT_SIZE + DRAFT_SIZE + RANDOM_SIZE + HASH_SIZE;
const FIRST: usize = memory.data(FIRST_SIZE, 8);
export const CLOCK: usize = FIRST;
export const PHONE: usize = CLOCK + 8;
export const MESSAGE: usize = PHONE + PHONE_SIZE;
export const WRITER: usize = MESSAGE + MESSAGE_SIZE;
export const OUTPUT: usize = WRITER + WRITER_SIZE;
export const DRAFT: usize = OUTPUT + OUTPUT_SIZE;
export const RANDOM: usize = DRAFT + DRAFT_SIZE;
export const HASH: usize = RANDOM + RANDOM_SIZE;
if (HASH + HASH_SIZE - FIRST !== FIRST_SIZE) ERROR("a region is missing from FIRST_SIZE");

const BULK_SIZE: u32 =
  REFUSALS_SIZE +
  4 * PARAMS_MAX +
  DEVICE_SIZE +
  TIMERS_SIZE +
  RX_SIZE +
  TX_SIZE +
  LINES * LINE_SIZE +
  SERVERS * SERVER_SIZE +
  BINDINGS * (BINDING_SIZE + ACCOUNT_SIZE) +
  EVENTS * EVENT_SIZE +
  LINES * CHALLENGES * CHALLENGE_SIZE;
const BULK: usize = memory.data(BULK_SIZE, 8);
export const REFUSALS: usize = BULK;
export const PARAMS: usize = REFUSALS + REFUSALS_SIZE;
export const DEVICE: usize = PARAMS + 4 * PARAMS_MAX;
export const TIMERS: usize = DEVICE + DEVICE_SIZE;
export const RX: usize = TIMERS + TIMERS_SIZE;
export const TX: usize = RX + RX_SIZE;
export const LINE_RECORDS: usize = TX + TX_SIZE;
export const SERVER_RECORDS: usize = LINE_RECORDS + LINES * LINE_SIZE;
export const BINDING_RECORDS: usize = SERVER_RECORDS + SERVERS * SERVER_SIZE;
export const ACCOUNTS: usize = BINDING_RECORDS + BINDINGS * BINDING_SIZE;
export const EVENT_RING: usize = ACCOUNTS + BINDINGS * ACCOUNT_SIZE;
export const CHALLENGE_RECORDS: usize = EVENT_RING + EVENTS * EVENT_SIZE;
/** One past the last record. */
export const END_OF_RECORDS: usize = CHALLENGE_RECORDS + LINES * CHALLENGES * CHALLENGE_SIZE;
if (END_OF_RECORDS - BULK !== BULK_SIZE) ERROR("a region is missing from BULK_SIZE");
