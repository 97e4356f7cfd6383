// The configuration of a node that a command names.
import { describeError } from "../config/error.ts";
import { type NodeConfig, type NodeReading, readNodeConfig } from "../node/pair/settings-file.ts";
import { Exit, USAGE } from "./exit.ts";
import { remarks } from "./print.ts";

/** @throws Exit USAGE with every mistake in it */
export function anyConfigOf(path: string): Exclude<NodeReading, { kind: "refused" }> {
  const reading = readNodeConfig(path);
  if (reading.kind === "refused") throw new Exit(USAGE, reading.errors.map(describeError).join("\n"));
  remarks(reading.config.settings.remarks);
  return reading;
}

/** @throws Exit USAGE: as anyConfigOf, or the registrar is a Kamailio, which keeps objects and licences itself */
export function nodeConfigOf(path: string): NodeConfig {
  const reading = anyConfigOf(path);
  if (reading.kind === "config") return reading.config;
  throw new Exit(USAGE, `${path}: its registrar is a Kamailio, which has accounts and licences of its own`);
}
