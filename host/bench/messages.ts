// What arrives and is none of the phone's business, as text and as bytes.
//
// Above: hostile.ts, which guesses with them; heap/, which sends them over a real socket.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** An answer to a REGISTER that nobody sent: its Call-ID and its branch are unknown. */
export const STRAY_ANSWER = lines(
  "SIP/2.0 200 OK",
  "Via: SIP/2.0/UDP 127.0.0.1:5062;rport=5062;branch=z9hG4bK4f1c9a2b7d3e6f80;received=127.0.0.1",
  "From: <sip:6000@example.test>;tag=3f9a1c77",
  "To: <sip:6000@example.test>;tag=9dd61ff61e802d8e2bef5f14621ef3c2.4281b76b",
  "Call-ID: 8438176376842309",
  "CSeq: 2 REGISTER",
  "Contact: <sip:6000@127.0.0.1:5062;sf=0badcafe>;expires=1800",
  "Server: example (1.0.0 (x86_64/linux))",
  "Content-Length: 0",
);

/** A call, as it comes in: read as far as it takes to see that the phone's own SIP stack has to answer it. */
export const INVITE = lines(
  "INVITE sip:6000@192.0.2.9:5062 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776asdhds7d3e6f80",
  "Max-Forwards: 70",
  "To: <sip:6000@example.test>",
  "From: <sip:6001@example.test>;tag=1928301774",
  "Call-ID: a84b4c76e66710",
  "CSeq: 314159 INVITE",
  "Contact: <sip:6001@192.0.2.1>",
  "Content-Length: 0",
);

function lines(...all: readonly string[]): string {
  return [...all, "", ""].join("\r\n");
}

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A message of the same length with another branch. @throws Error when it has none */
export function withBranch(text: string, branch: string): string {
  return replaced(text, /(;branch=z9hG4bK)([0-9a-zA-Z]+)/, branch);
}

/** A message of the same length with another Call-ID. @throws Error when it has none */
export function withCallId(text: string, callId: string): string {
  return replaced(text, /(\r\nCall-ID: *)([^\r]+)/i, callId);
}

function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`nothing matches ${pattern} in ${text}`);
  return text.replace(
    pattern,
    (_, name: string, old: string) => name + by.padEnd(old.length, "0").slice(-old.length),
  );
}

/** Repeatable numbers, 32 bits each: xorshift32. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
