// The location table of a Kamailio as `kamcmd ul.dump` prints it: one `Key: value` a line, nested by
// braces. Read here into the live bindings. Above: kamailio.ts.

/** A binding as the server holds it. RFC 3261 §10.3. */
export type Binding = {
  /** The user part of the address of record. */
  readonly aor: string;
  readonly contact: string;
  /** Left until it lapses. */
  readonly expiresSeconds: number;
  readonly callId: string;
  readonly cseq: number;
};

/** The live bindings of `dump`, in its order; removed and lapsed ones that are still listed are not. */
export function readTable(dump: string): Binding[] {
  const contacts: Map<string, string>[] = [];
  let aor = "";
  for (const line of dump.split("\n")) {
    const [, key = "", value = ""] = /^\s*([\w-]+): (.*)$/.exec(line) ?? [];
    if (key === "AoR") aor = value;
    else if (key === "Contact") contacts.push(new Map([["AoR", aor]]));
    else contacts.at(-1)?.set(key, value);
  }
  return contacts.map(toBinding).filter((binding) => binding.expiresSeconds > 0);
}

function toBinding(fields: ReadonlyMap<string, string>): Binding {
  const field = (name: string) => fields.get(name) ?? "";
  const seconds = Number(field("Expires")); // or a word: deleted, expired
  return {
    aor: field("AoR"),
    contact: field("Address"),
    expiresSeconds: Number.isNaN(seconds) ? 0 : seconds,
    callId: field("Call-ID"),
    cseq: Number(field("CSeq")),
  };
}
