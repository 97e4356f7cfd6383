// Times and counts as people read them.

/** A duration for a table: "0.5 s", "42 s", "3:07", "12:00:00". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, at) => (at === 0 ? `${part}` : `${part}`.padStart(2, "0"))).join(":");
}

/** A promised or measured time without loss: "5.5 s", "43201.5 s (12:00:02)". */
export function span(ms: number): string {
  const seconds = `${Math.round(ms) / 1000} s`;
  return ms < 120_000 ? seconds : `${seconds} (${clock(ms)})`;
}

/** A moment of a timeline: seconds since the start, three decimals, aligned. */
export function stamp(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(9);
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
