// The one banner of a session, in words. Above: host/cli/session.ts, and whoever shows it.

import type { Banner } from "./table.ts";

/** @param since when the standby session began, as `hh:mm`. @returns "" while there is nothing to warn of */
export function bannerText(banner: Banner, since: string): string {
  switch (banner) {
    case "none":
      return "";
    case "standby":
      return `running on STANDBY since ${since}`;
    case "noPbx":
      return "no PBX: retrying";
  }
}
