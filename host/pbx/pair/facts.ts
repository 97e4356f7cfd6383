// What a master tells its standby about itself when that registers: a JSON text, and nothing secret in it.
//
// The one way by which general settings get to the other node, and only to be compared: neither takes the other's. DESIGN.md
// D35. Above: house.ts, which tells; problems.ts, which compares.

export interface Facts {
  /** Every general key with its value. */
  readonly general: Readonly<Record<string, string>>;
  readonly objects: number;
  /** Registrations it holds now. */
  readonly used: number;
}

/** undefined: they are not what a node says. */
export function readFacts(text: string): Facts | undefined {
  try {
    const { general, objects, used } = Object(JSON.parse(text));
    const fits =
      Number.isInteger(objects) &&
      Number.isInteger(used) &&
      Object.values(Object(general)).every((value) => typeof value === "string");
    return fits ? { general: { ...general }, objects, used } : undefined;
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
