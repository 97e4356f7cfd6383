// `npm start [-- COMMAND ..]`: builds, then shows a failover on this machine (`standfast demo`), or runs a command.

import { spawn } from "node:child_process";
import { build } from "./build/all.ts";

const words = process.argv.slice(2);
const problems = await build();
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}
const child = spawn(process.execPath, ["build/standfast.mjs", ...(words.length > 0 ? words : ["demo"])], {
  stdio: "inherit",
});
// Ctrl-C reaches the child by itself; it says good-bye to its servers, and we wait for that.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
