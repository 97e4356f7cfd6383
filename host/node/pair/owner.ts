// Who has a data folder open: one process at a time, named in a file that its death makes void.
//
// A process that is killed leaves the file behind. So it says which process: its id, and in which boot and when that
// started, because ids are given again. Only Linux tells these; elsewhere a process with the same id counts as the same.
// Below: boot.ts. Above: store.ts.
import { linkSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, HostError } from "../error.ts";
import { bootName, textOf } from "./boot.ts";

const FILE = "owner";

/**
 * Takes the folder for this process.
 * @returns gives it back
 * @throws HostError "folder-in-use" with the id of the process that has it; "folder": nothing can be written there
 */
export function own(folder: string): () => void {
  const path = join(folder, FILE);
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  const draft = `${path}.${process.pid}`;
  write(draft, mine, folder);
  try {
    while (!isLinked(draft, path)) bury(path, folder);
  } finally {
    unlinkSync(draft);
  }
  return () => {
    if (textOf(path) === mine) unlinkSync(path);
  };
}

function write(path: string, text: string, folder: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    const remedy = "name a folder that this user may write, or make room on its disk";
    throw new HostError("folder", `nothing can be written to ${folder} (${codeOf(error)}); ${remedy}`);
  }
}

/** Under its name at once and with its content, or not at all. */
function isLinked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Takes away the file of a dead process. Two may try at once: what was taken away is looked at again. */
function bury(path: string, folder: string): void {
  refuseLiving(textOf(path), folder);
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const taken = textOf(aside);
  try {
    refuseLiving(taken, folder);
  } catch (error) {
    isLinked(aside, path);
    throw error;
  } finally {
    unlinkSync(aside);
  }
}

function refuseLiving(text: string, folder: string): void {
  const [, pid = "", start = ""] = /^(\d+) (\S*)$/m.exec(text) ?? [];
  if (pid === "" || !isAlive(Number(pid), start)) return;
  const what = `${folder} is in use by the process ${pid}`;
  throw new HostError("folder-in-use", `${what}; stop that one, or give this node a folder of its own`);
}

function isAlive(pid: number, start: string): boolean {
  if (pid === process.pid) return start === startOf(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  const now = startOf(pid);
  return now === "" || start === "" || now === start;
}

/** The boot, and the ticks in it: proc(5), the 22nd field of stat, behind a name that may hold anything. "": unknown. */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return ticks === undefined ? "" : `${bootName()}:${ticks}`;
}
