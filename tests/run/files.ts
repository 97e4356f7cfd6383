// Which files there are: specs and tests are found by their endings.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Paths below `folder` that end in `ending`, sorted; none when there is no such folder. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(folder, path).replaceAll("\\", "/"))
    .sort();
}
