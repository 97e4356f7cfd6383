// A folder for the files of a test; it goes when the process of the test file ends, however it ends by itself.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
