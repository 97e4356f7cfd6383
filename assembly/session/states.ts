// The states that the host may read, as the bytes that the records hold. Their numbers are the ABI's.

import * as abi from "../abi";

// Health of a server.
export const UNKNOWN: u8 = <u8>abi.UNKNOWN;
export const UP: u8 = <u8>abi.UP;
export const SUSPECT: u8 = <u8>abi.SUSPECT;
export const DOWN: u8 = <u8>abi.DOWN;
export const HOLDING: u8 = <u8>abi.HOLDING;
export const COOLING: u8 = <u8>abi.COOLING;

// State of a line.
export const OFF: u8 = <u8>abi.LINE_OFF;
export const STARTING: u8 = <u8>abi.LINE_STARTING;
export const SEEKING: u8 = <u8>abi.LINE_SEEKING;
export const WAITING: u8 = <u8>abi.LINE_WAITING;
export const RESTING: u8 = <u8>abi.LINE_RESTING;
export const SERVED: u8 = <u8>abi.LINE_SERVED;
export const CUT: u8 = <u8>abi.LINE_CUT;
export const LEAVING: u8 = <u8>abi.LINE_LEAVING;

/** No server, where a record holds the index of one. */
export const NONE: u8 = <u8>abi.SERVER_NONE;
