// An option that may be given several times.
import { Option } from "commander";

/** Its values stand in the order of the command line; undefined when it was not given, so that help shows no default. */
export function repeatable(flags: string, description: string): Option {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return new Option(flags, description).argParser(collect);
}
