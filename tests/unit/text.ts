// Strings for specs: the core knows only bytes at addresses.

/** A copy of `text` as UTF-8 bytes that stays where it is. */
export function bytesOf(text: string): usize {
  const length = String.UTF8.byteLength(text);
  const at = heap.alloc(length + 1);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
  return at;
}

/** How many bytes it takes. */
export function lengthOf(text: string): u32 {
  return <u32>String.UTF8.byteLength(text);
}

/** The bytes from..to as a string; "-" when there is no such slice. */
export function stringOf(from: usize, to: usize): string {
  return from === 0 && to === 0 ? "-" : String.UTF8.decodeUnsafe(from, to - from);
}

/** A text as base/text.ts keeps it: its length, then its bytes. */
export function textOf(text: string): usize {
  const length = lengthOf(text);
  const at = heap.alloc(length + 1);
  store<u8>(at, <u8>length);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at + 1);
  return at;
}

/** `count` bytes in hex. */
export function hexOf(from: usize, count: u32): string {
  let text = "";
  for (let index: u32 = 0; index < count; index++) {
    text += (<u32>load<u8>(from + index)).toString(16).padStart(2, "0");
  }
  return text;
}
