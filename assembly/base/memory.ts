// The memory map: every buffer and record of the module, in the order they lie.
//
// One zeroed block, so it costs no byte of the module. Whoever defines a record checks while compiling
// that its size is the one written here. `build/size.json` shows the map with the addresses.

import { LINES, SERVERS } from "./limits";

// Sizes of records, bytes; ABI.md gives the layout of those the host reads.
export const OUTPUT_SIZE: u32 = 40;
export const LINE_VIEW_SIZE: u32 = 20;
export const SERVER_VIEW_SIZE: u32 = 20;
export const EVENT_SIZE: u32 = 24;
export const MESSAGE_SIZE: u32 = 300;
export const DRAFT_SIZE: u32 = 132;
export const CHALLENGE_SIZE: u32 = 368;
export const WRITER_SIZE: u32 = 8;
export const HASH_SIZE: u32 = 328;
export const RANDOM_SIZE: u32 = 72;
export const DEVICE_SIZE: u32 = 80;
export const PHONE_SIZE: u32 = 96;
export const SERVER_SIZE: u32 = 472;
export const LINE_SIZE: u32 = 140;
export const BINDING_SIZE: u32 = 96;
export const ACCOUNT_SIZE: u32 = 100;

// How many of each.
export const RX_SIZE: u32 = 2048; //  one datagram; RFC 3261 §18.1.1 keeps UDP below 1300
export const TX_SIZE: u32 = 2048;
export const EVENTS: u32 = 6 * LINES + 8; // the most that one input can cause
export const DECISIONS: u32 = 16; //         remembered per line
export const CHALLENGES: u32 = 2; //         per line: where it is, and where it goes
export const PARAMS_MAX: u32 = 64;

const BINDINGS: u32 = LINES * SERVERS;

// Where each lies.
const TOTAL: u32 =
  RX_SIZE + TX_SIZE + OUTPUT_SIZE + LINE_VIEW_SIZE + SERVER_VIEW_SIZE +
    MESSAGE_SIZE + DRAFT_SIZE + WRITER_SIZE + HASH_SIZE + RANDOM_SIZE + 4 * PARAMS_MAX +
    EVENTS * EVENT_SIZE + LINES * DECISIONS * EVENT_SIZE +
    LINES * CHALLENGES * CHALLENGE_SIZE +
    DEVICE_SIZE + PHONE_SIZE + SERVERS * SERVER_SIZE + LINES * LINE_SIZE +
    BINDINGS * (BINDING_SIZE + ACCOUNT_SIZE);
const TOP: usize = memory.data(TOTAL, 16);
export const RX: usize = TOP;
export const TX: usize = RX + RX_SIZE;
export const OUTPUT: usize = TX + TX_SIZE;
export const LINE_VIEW: usize = OUTPUT + OUTPUT_SIZE;
export const SERVER_VIEW: usize = LINE_VIEW + LINE_VIEW_SIZE;
export const MESSAGE: usize = SERVER_VIEW + SERVER_VIEW_SIZE;
export const DRAFT: usize = MESSAGE + MESSAGE_SIZE;
export const WRITER: usize = DRAFT + DRAFT_SIZE;
export const HASH: usize = WRITER + WRITER_SIZE;
export const RANDOM: usize = HASH + HASH_SIZE;
export const PARAMS: usize = RANDOM + RANDOM_SIZE;
export const EVENT_RING: usize = PARAMS + 4 * PARAMS_MAX;
export const DECISION_RINGS: usize = EVENT_RING + EVENTS * EVENT_SIZE;
export const CHALLENGE_RECORDS: usize = DECISION_RINGS + LINES * DECISIONS * EVENT_SIZE;
export const DEVICE: usize = CHALLENGE_RECORDS + LINES * CHALLENGES * CHALLENGE_SIZE;
export const PHONE: usize = DEVICE + DEVICE_SIZE;
export const SERVER_RECORDS: usize = PHONE + PHONE_SIZE;
export const LINE_RECORDS: usize = SERVER_RECORDS + SERVERS * SERVER_SIZE;
export const BINDING_RECORDS: usize = LINE_RECORDS + LINES * LINE_SIZE;
export const ACCOUNTS: usize = BINDING_RECORDS + BINDINGS * BINDING_SIZE;
/** One past the last record. */
export const END_OF_RECORDS: usize = ACCOUNTS + BINDINGS * ACCOUNT_SIZE;
if (END_OF_RECORDS - TOP !== TOTAL) ERROR("a region is missing from TOTAL");
