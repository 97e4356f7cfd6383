// The configuration of a node that a command names.
import { describeError } from "../config/error.ts";
import { type NodeConfig, readNodeConfig } from "../node/pair/settings-file.ts";
import { Exit, USAGE } from "./exit.ts";
import { remarks } from "./print.ts";

/** @throws Exit USAGE with every mistake in it */
export function nodeConfigOf(path: string): NodeConfig {
  const reading = readNodeConfig(path);
  if (reading.kind === "refused") throw new Exit(USAGE, reading.errors.map(describeError).join("\n"));
  remarks(reading.config.settings.remarks);
  return reading.config;
}
