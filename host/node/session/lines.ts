// The lines of a stream of bytes, one after another. Above: provider.ts.

/** A line that is longer is no line of ours, characters. */
const LINE_MAX = 64 * 1024 * 1024;

/**
 * @param onPiece called for whatever comes, before the lines that it ends
 * @throws Error when a line has no end, or the stream breaks
 */
export async function* lines(
  body: ReadableStream<Uint8Array>,
  onPiece: () => void = () => {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let begun: string[] = []; // joined once: a line may come in thousands of pieces
  let length = 0;
  for await (const piece of body) {
    onPiece();
    for (const [at, part] of decoder.decode(piece, { stream: true }).split("\n").entries()) {
      if (at > 0) {
        yield begun.join("");
        begun = [];
        length = 0;
      }
      begun.push(part);
      length += part.length;
    }
    if (length > LINE_MAX) throw new Error(`a line is longer than ${LINE_MAX} characters`);
  }
}
