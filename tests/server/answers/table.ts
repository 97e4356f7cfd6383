// What the tables of cases share: how a group is written, and the lines that most of them hold.

import type { Case } from "./bed.ts";

export type Group = { readonly title: string; readonly cases: readonly Case[] };

/** The same case for several statuses; its `says` is the status. */
export function each(statuses: readonly number[], make: (status: number) => Case): Case[] {
  return statuses.map(make);
}

/** The Kamailio wants credentials for the first REGISTER, and grants the second. */
export const SERVES_BACKUP1 = ["0 backup1 bare 401", "0 backup1 signed 200"];
export const SERVES_BACKUP2 = ["0 backup2 bare 401", "0 backup2 signed 200"];

/** A refresh every 5 s at a server that grants what is asked. */
export const REFRESH_5 = { registerRefreshInterval: 10 };
