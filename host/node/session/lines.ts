// The lines of a stream of bytes, one after another. Above: provider.ts.

/** A line that is longer is no line of ours, characters. */
const LINE_MAX = 64 * 1024 * 1024;

/** @throws Error when a line has no end, or the stream breaks */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let begun = "";
  for await (const piece of body) {
    const parts = (begun + decoder.decode(piece, { stream: true })).split("\n");
    begun = parts.pop() ?? "";
    if (begun.length > LINE_MAX) throw new Error(`a line is longer than ${LINE_MAX} characters`);
    yield* parts;
  }
}
