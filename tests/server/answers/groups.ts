// All cases, in the order of the page.

import { FAILING } from "./failing.ts";
import { GRANTING, TOO_BRIEF } from "./granting.ts";
import { COUNTED, HEARTBEATS, STRICT_HEARTBEATS } from "./heartbeats.ts";
import { ODD } from "./odd.ts";
import { PROVING } from "./proving.ts";
import { REDIRECTS } from "./redirects.ts";
import { REFUSING } from "./refusing.ts";
import { REMOVING } from "./removing.ts";
import { SECOND } from "./second.ts";
import type { Group } from "./table.ts";
import { UNWILLING } from "./unwilling.ts";

export const GROUPS: readonly Group[] = [
  GRANTING,
  PROVING,
  TOO_BRIEF,
  REDIRECTS,
  REFUSING,
  UNWILLING,
  FAILING,
  SECOND,
  ODD,
  REMOVING,
  HEARTBEATS,
  STRICT_HEARTBEATS,
  COUNTED,
];
