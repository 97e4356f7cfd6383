// What one node of a pair tells the other about itself when it registers: a JSON text, and nothing secret in it.
//
// Above: problems.ts, which compares; host/node/pair/node.ts.

export interface Facts {
  readonly name: string;
  readonly mode: string;
  /** Every general key with its value. */
  readonly general: Readonly<Record<string, string>>;
  readonly objects: number;
  /** SHA-256 of objects and licences. */
  readonly digest: string;
  /** Registrations it holds now. */
  readonly used: number;
}

/** undefined: they are not what a node says. */
export function readFacts(text: string): Facts | undefined {
  try {
    const { name, mode, general, objects, digest, used } = Object(JSON.parse(text));
    const fits =
      typeof name === "string" &&
      typeof mode === "string" &&
      typeof digest === "string" &&
      Number.isInteger(objects) &&
      Number.isInteger(used) &&
      Object.values(Object(general)).every((value) => typeof value === "string");
    return fits ? { name, mode, general: { ...general }, objects, digest, used } : undefined;
  } catch {
    return undefined;
  }
}

/** Each general key that is not the same, as a sentence. */
export function differences(own: Facts["general"], master: Facts["general"]): readonly string[] {
  const names = [...new Set([...Object.keys(own), ...Object.keys(master)])].sort();
  return names
    .filter((name) => own[name] !== master[name])
    .map(
      (name) => `${name} is ${own[name] ?? "unknown"} here and ${master[name] ?? "unknown"} at the master`,
    );
}
