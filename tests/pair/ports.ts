// Ports for the nodes of a test: four in a row that nobody has, apart for test files that run side by side.

let taken = 0;

/** The first of `count` ports; the number of this process keeps files apart, 16 runs of ports each. */
export function portsFor(count: number): number {
  const first = 20_000 + (process.pid % 250) * 40 + taken;
  taken += count;
  return first;
}
