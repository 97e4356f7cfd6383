// Wrong passwords: how many a server may count from this address before it bans it.
//
// fail2ban with its defaults bans an address for 600 s that fails 5 times within 600 s (jail.conf: maxretry,
// findtime). It counts refused credentials; a REGISTER without any is no failure. Above: check.ts, warnings.ts.

import type { Settings } from "../params/table.ts";

/** findtime. */
export const WINDOW_S = 600;
/** maxretry: this many, and the address is banned. */
export const BAN_AT = 5;

/**
 * The most wrong answers that one server may get from all lines within 600 s, when the password of each is wrong
 * there: one for each attempt, and one more in the first where a password that was good has been changed
 * (DESIGN.md D9). A `restart` by command, new credentials and a link that fails meanwhile come on top.
 */
export function wrongPer600s(settings: Settings, lines: number): number {
  return lines * (attempts(settings) + 1);
}

/** Attempts of a line that begin within the window; the rest between them is never shorter than rejectRetry. */
function attempts({ rejectRetry }: Settings): number {
  return Math.ceil(WINDOW_S / rejectRetry);
}

/** The span over which so many have to be spread that the mean of a window stays below the ban, s. */
export function calmSpreadSeconds(settings: Settings, lines: number): number {
  return Math.ceil((wrongPer600s(settings, lines) * WINDOW_S) / (BAN_AT - 1));
}
