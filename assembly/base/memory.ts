// The memory map: every buffer and record of the module, in the order they lie.
//
// Zeroed blocks, so they cost no byte of the module. Whoever defines a record checks while compiling
// that its size is the one written here. `build/size.json` shows the map with the addresses. In a checked build
// GAP bytes that belong to nobody lie behind each region and each record.

import { GAP, INPUT_SIZE, LINES, SERVERS } from "./limits";

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
export const SERVER_SIZE: u32 = 436;
export const LINE_SIZE: u32 = 124;
export const BINDING_SIZE: u32 = 72;
export const ACCOUNT_SIZE: u32 = 100;

// From one record of its kind to the next.
export const EVENT_STRIDE: u32 = EVENT_SIZE + GAP;
export const CHALLENGE_STRIDE: u32 = CHALLENGE_SIZE + GAP;
export const SERVER_STRIDE: u32 = SERVER_SIZE + GAP;
export const LINE_STRIDE: u32 = LINE_SIZE + GAP;
export const BINDING_STRIDE: u32 = BINDING_SIZE + GAP;
export const ACCOUNT_STRIDE: u32 = ACCOUNT_SIZE + GAP;

// How many of each.
export const RX_SIZE: u32 = INPUT_SIZE;
export const TX_SIZE: u32 = 1536;
export const EVENTS: u32 = 6 * LINES + 8; // the most that one input can cause
export const CHALLENGES: u32 = 2; //         per line: where it is, and where it goes
export const PARAMS_MAX: u32 = 48;
const BINDINGS: u32 = LINES * SERVERS;
export const TIMERS_COUNT: u32 = 5 + 17 * SERVERS + 6 * LINES + 4 * BINDINGS; // session/timers.ts
// A deadline and a mark for each, and seven marks of none: eight are looked at together. base/timer.ts
const TIMERS_SIZE: u32 = (5 * TIMERS_COUNT + 7 + 7) & ~7;

// Where each lies. Small addresses are short code, so what the code names most comes first, then what it
// names at all; asc-utf8.transform.mjs puts the texts of the code before BULK.
const FIRST_SIZE: u32 =
  8 + PHONE_SIZE + MESSAGE_SIZE + WRITER_SIZE + OUTPUT_SIZE + DRAFT_SIZE + RANDOM_SIZE + HASH_SIZE + 8 * GAP;
const FIRST: usize = memory.data(FIRST_SIZE, 8);
export const CLOCK: usize = FIRST;
export const PHONE: usize = CLOCK + 8 + GAP;
export const MESSAGE: usize = PHONE + PHONE_SIZE + GAP;
export const WRITER: usize = MESSAGE + MESSAGE_SIZE + GAP;
export const OUTPUT: usize = WRITER + WRITER_SIZE + GAP;
export const DRAFT: usize = OUTPUT + OUTPUT_SIZE + GAP;
export const RANDOM: usize = DRAFT + DRAFT_SIZE + GAP;
export const HASH: usize = RANDOM + RANDOM_SIZE + GAP;
if (HASH + HASH_SIZE + GAP - FIRST !== FIRST_SIZE) ERROR("a region is missing from FIRST_SIZE");

const BULK_SIZE: u32 =
  REFUSALS_SIZE +
  4 * PARAMS_MAX +
  DEVICE_SIZE +
  TIMERS_SIZE +
  RX_SIZE +
  TX_SIZE +
  6 * GAP +
  LINES * LINE_STRIDE +
  SERVERS * SERVER_STRIDE +
  BINDINGS * (BINDING_STRIDE + ACCOUNT_STRIDE) +
  EVENTS * EVENT_STRIDE +
  LINES * CHALLENGES * CHALLENGE_STRIDE;
const BULK: usize = memory.data(BULK_SIZE, 8);
export const REFUSALS: usize = BULK;
export const PARAMS: usize = REFUSALS + REFUSALS_SIZE + GAP;
export const DEVICE: usize = PARAMS + 4 * PARAMS_MAX + GAP;
export const TIMERS: usize = DEVICE + DEVICE_SIZE + GAP;
export const LINE_RECORDS: usize = TIMERS + TIMERS_SIZE + GAP;
export const SERVER_RECORDS: usize = LINE_RECORDS + LINES * LINE_STRIDE;
export const BINDING_RECORDS: usize = SERVER_RECORDS + SERVERS * SERVER_STRIDE;
export const CHALLENGE_RECORDS: usize = BINDING_RECORDS + BINDINGS * BINDING_STRIDE;
// From RX on lies what no snapshot holds: packets, events that were read, and credentials. ABI.md, "Snapshots".
export const RX: usize = CHALLENGE_RECORDS + LINES * CHALLENGES * CHALLENGE_STRIDE;
export const TX: usize = RX + RX_SIZE + GAP;
export const EVENT_RING: usize = TX + TX_SIZE + GAP;
export const ACCOUNTS: usize = EVENT_RING + EVENTS * EVENT_STRIDE;
/** One past the last record. */
export const END_OF_RECORDS: usize = ACCOUNTS + BINDINGS * ACCOUNT_STRIDE;
if (END_OF_RECORDS - BULK !== BULK_SIZE) ERROR("a region is missing from BULK_SIZE");
