// What takes too long for a real server, and what only a clock of our own can show to the millisecond: which test of
// tests/sim shows it. Above: page.ts; page.test.ts looks whether the test is there.

export type Virtual = {
  readonly what: string;
  readonly file: string;
  /** As it stands in the file. */
  readonly title: string;
};

const sim = (file: string, title: string, what: string): Virtual => ({
  what,
  file: `tests/sim/${file}`,
  title,
});

export const VIRTUAL: readonly Virtual[] = [
  sim(
    "answers.test.ts",
    "to a REGISTER",
    "every status from 200 to 699 to a REGISTER: what it says of the server and of the line",
  ),
  sim(
    "answers.test.ts",
    "to a heartbeat",
    "every status from 200 to 699 to a heartbeat, with both values of `detectAnswer`",
  ),
  sim(
    "answers.test.ts",
    "is asked again",
    "Retry-After of 0, of 600 s and of 31 years, with the defaults: 5 s, 600 s, a day",
  ),
  sim("rules.test.ts", "500: the line is left out there for lineCool, then it returns", "`lineCool`, 300 s"),
  sim("params-registering.ts", "rejectRetry", "`rejectRetry`, 1200 s·U(1, 1.1)"),
  sim(
    "rules.test.ts",
    "an account rejected by the primary rests there, in service while its lease lasts",
    "403 to a refresh",
  ),
  sim(
    "rules-corners.test.ts",
    "a lease that ends before its refresh is answered: out of service, and the refresh decides",
    "`registerTimeout = 0` with a lease of 30 s",
  ),
  sim(
    "timelines.json",
    "a swallowed account at start with two lines",
    "a swallowed account, with the default of `lineCool`",
  ),
  sim("timelines.json", "503 with Retry-After 300: backup at once", "COOLING for 300 s"),
  sim("timelines.json", "502 to heartbeats: misses", "heartbeats every 90 s"),
  sim(
    "rules-corners.test.ts",
    "a redirect to the server the line is moving back to leaves that attempt alone",
    "a redirect that meets a move back",
  ),
];
