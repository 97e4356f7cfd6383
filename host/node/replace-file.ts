// A file that is replaced as a whole: after a loss of power there is the old one or the new one, never a part.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Written beside the old one, flushed, renamed; nobody else may read it.
 * @throws Error of the system
 */
export function replaceFile(path: string, content: Uint8Array): void {
  const beside = `${path}.new`;
  flushed(beside, "w", (file) => writeSync(file, content));
  renameSync(beside, path);
  flushed(dirname(path), "r", () => {}); // the rename itself
}

function flushed(path: string, flags: string, act: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    act(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
