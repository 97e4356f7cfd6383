// Every command of the program, in the order of its help.
import type { Command } from "commander";
import { checkCommand } from "./check.ts";
import { demoCommand } from "./demo.ts";
import { drillCommand } from "./drill.ts";
import { exportCommand, importCommand } from "./import.ts";
import { locateCommand } from "./locate.ts";
import { pairCommand } from "./pair.ts";
import { paramsCommand } from "./params.ts";
import { replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { sessionCommand } from "./session.ts";
import { simulateCommand } from "./simulate.ts";
import { whatifCommand } from "./whatif.ts";

export const COMMANDS: readonly (() => Command)[] = [
  demoCommand,
  runCommand,
  checkCommand,
  locateCommand,
  paramsCommand,
  importCommand,
  exportCommand,
  whatifCommand,
  simulateCommand,
  replayCommand,
  drillCommand,
  pairCommand,
  sessionCommand,
];
