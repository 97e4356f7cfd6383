// What goes wrong in a drawn case, in styles: a schedule of one kind finds what a mixture hides.
//
// Above: case.ts. Below: moments.ts; the verbs are those of host/sim/README.md.

import type { Settings } from "../../params/table.ts";
import type { Random } from "../../sim/random.ts";
import type { Moments } from "./moments.ts";

/** What a style draws from. */
export interface Scene {
  readonly random: Random;
  readonly moments: Moments;
  readonly servers: readonly string[];
  readonly lines: readonly string[];
  /** s between two signs of life. */
  readonly pace: number;
  /** End of the faults, ms. */
  readonly untilMs: number;
}

/** One action: when, ms, and what. */
export type Drawn = readonly [atMs: number, text: string];
export type Style = (scene: Scene) => readonly Drawn[];

/** One outage of one server, and nothing else: the promises of the linter hold to the millisecond. */
const one: Style = (scene) => {
  const { random, moments, servers, untilMs } = scene;
  const server = random.chance(0.7) ? "primary" : random.pick(servers);
  const from = moments.next();
  const outage: Drawn[] = [[from, `${server} ${random.pick(["silent", "silent", "refuses"])}`]];
  return random.chance(0.7) ? [...outage, [random.between(from, untilMs - 1), `${server} back`]] : outage;
};

/** Anything, anywhere. */
const storm: Style = (scene) =>
  many(scene, 3, 18, () =>
    scene.random.pick([outage, outage, outage, half, half, call, link, order, network])(scene),
  );

/** A server that comes and goes. */
const flapping: Style = (scene) => {
  const { random, servers, untilMs, pace } = scene;
  const server = random.chance(0.6) ? "primary" : random.pick(servers);
  const goes = random.pick(["silent", "refuses", "restarts", "answers 503 to=REGISTER"]);
  const drawn: Drawn[] = [];
  let at = random.below(4000 * pace);
  while (at < untilMs && drawn.length < 40) {
    drawn.push([at, `${server} ${goes}`]);
    at += random.between(1, 3000 * pace);
    drawn.push([at, `${server} back`]);
    at += random.between(1, 3000 * pace);
  }
  return drawn;
};

/** Servers that answer, but not as they should. */
const halfBroken: Style = (scene) =>
  many(scene, 2, 12, () => scene.random.pick([half, half, half, outage])(scene));

/** Our own side: the link, boots. */
const own: Style = (scene) =>
  many(scene, 2, 8, () => scene.random.pick([link, link, restart, outage])(scene));

/** A recovered primary is not preferred yet, and somebody fails meanwhile. */
const holding: Style = (scene) => {
  const { random, moments, servers, pace, untilMs } = scene;
  const from = random.below(untilMs / 4);
  const back = from + random.between(2000 * pace, 8000 * pace);
  const last = random.pick([
    "answers 503 to=REGISTER retry-after=5",
    "mute",
    "silent",
    "grants 5",
    "refuses",
  ]);
  return [
    [from, `primary ${random.pick(["silent", "refuses"])}`],
    [back, "primary back"],
    [moments.after(0) + back, `primary ${last}`],
    ...servers
      .slice(1)
      .map(
        (server): Drawn => [
          back + random.below(6000 * pace),
          `${server} ${random.pick(["silent", "refuses"])}`,
        ],
      ),
    [moments.next(), "primary back"],
    ...many(scene, 1, 4, () => outage(scene)),
  ];
};

/** A server is busy with a request, and then answers it. RFC 3261 §17.1.2, "Proceeding". */
const provisional: Style = (scene) =>
  many(scene, 3, 10, () => {
    const server = scene.random.pick(scene.servers);
    const to = scene.random.pick(["REGISTER", "OPTIONS"]);
    const begin: Drawn = [scene.moments.next(), `${server} answers 100 to=${to}`];
    return [begin, [scene.moments.after(scene.random.pick([200, 600, 3000])), `${server} back`]];
  });

/** A backup is dead for so long that it counts as unknown, and is met again. */
const forgotten: Style = (scene) => {
  const { random, servers, untilMs } = scene;
  const server = servers.at(-1) ?? "primary";
  const from = random.below(untilMs / 10);
  return [
    [from, `${server} silent`],
    [from + 4_500_000 + random.below(untilMs), `${server} back`],
    ...many(scene, 1, 5, () => random.pick([outage, half])(scene)),
  ];
};

/** Nobody wants the line, and then our own side fails too. */
const resting: Style = (scene) => {
  const { random, moments, servers } = scene;
  const from = moments.next();
  return [
    ...servers.map(
      (server): Drawn => [
        from,
        `${server} answers ${random.pick(["403", "404", "500"])} to=REGISTER retry-after=${5 * scene.pace}`,
      ],
    ),
    [moments.next(), "host restart"],
    ...link(scene),
    ...(random.chance(0.5) ? ([[moments.next(), "host stop"]] as const) : link(scene)),
  ];
};

/** A server misses heartbeats, and turns phones away before it counts as down. */
const doubtful: Style = (scene) =>
  many(scene, 2, 6, () => {
    const { random, moments, servers, pace } = scene;
    const server = random.pick(servers);
    return [
      [moments.next(), `${server} deaf`],
      [moments.after(random.below(3000 * pace)), `${server} answers 503 to=REGISTER retry-after=${pace}`],
      [moments.after(random.between(3000 * pace, 6000 * pace)), `${server} back`],
    ];
  });

/** All are out; while a backup is slow to bind, the primary answers too. */
const slowReturn: Style = (scene) => {
  const { random, servers, pace, untilMs } = scene;
  const from = random.below(untilMs / 4);
  const back = from + random.between(3000 * pace, 6000 * pace);
  return [
    ...servers.map((server): Drawn => [from, `${server} ${random.pick(["silent", "refuses"])}`]),
    ...servers.slice(1).flatMap((server): Drawn[] => [
      [back, `${server} back`],
      [back + 1, `${server} mute`],
      [back + random.between(2000 * pace, 5000 * pace), `${server} back`],
    ]),
    [back + random.between(1000 * pace, 2000 * pace), "primary back"],
    ...outage(scene),
  ];
};

/** The phone is stopped in the middle of something. */
const ending: Style = (scene) => [...storm(scene), [scene.moments.next(), "host stop"]];

/** People: calls and commands, while servers fail. */
const people: Style = (scene) =>
  many(scene, 3, 14, () => scene.random.pick([call, call, order, order, outage])(scene));

/** Everything is out, or everything but one. */
const blackout: Style = (scene) => {
  const { random, moments, servers } = scene;
  const spared = random.chance(0.4) ? random.pick(servers) : undefined;
  const from = moments.next();
  return servers
    .filter((server) => server !== spared)
    .flatMap((server): Drawn[] => [
      [
        from + random.pick([0, 0, 1, random.below(1000 * scene.pace)]),
        `${server} ${random.pick(["silent", "refuses"])}`,
      ],
      [moments.next(), `${server} back`],
    ]);
};

/** The way to the servers: lossy, slow, cut in one direction, behind a NAT that forgets. */
const weather: Style = (scene) =>
  many(scene, 2, 12, () => scene.random.pick([network, network, network, outage, link])(scene));

export const STYLES: Readonly<Record<string, Style>> = {
  one,
  storm,
  flapping,
  halfBroken,
  own,
  people,
  blackout,
  weather,
  ending,
  holding,
  provisional,
  forgotten,
  resting,
  doubtful,
  slowReturn,
};

/** The pace that a style needs, s. */
export const PACES_OF: Readonly<Record<string, number>> = { forgotten: 300, provisional: 30, slowReturn: 5 };

/** What a style asks of the phone. */
export const PHONES: Readonly<Record<string, (pace: number) => Partial<Settings>>> = {
  forgotten: (pace) => ({
    primaryDetectInterval: pace,
    backupDetectInterval: pace,
    maxDetectFailCount: 0,
  }),
  doubtful: (pace) => ({ primaryDetectInterval: Math.max(5, pace), maxDetectFailCount: 3 }),
  slowReturn: (pace) => ({
    preferPrimary: false,
    backToPrimaryDelay: 10 * pace,
    primaryDetectInterval: pace,
    registerTimeout: 0,
    optionsTimeout: 1000,
  }),
  holding: (pace) => ({
    preferPrimary: false,
    backToPrimaryDelay: 10 * pace,
    primaryDetectInterval: Math.max(5, pace),
  }),
};

function many(
  { random }: Scene,
  least: number,
  most: number,
  draw: () => readonly Drawn[],
): readonly Drawn[] {
  return Array.from({ length: random.between(least, most) }, draw).flat();
}

function outage({ random, moments, servers }: Scene): readonly Drawn[] {
  const server = random.pick(servers);
  const verb = random.pick(["silent", "silent", "refuses", "restarts", "back", "back"]);
  return [[moments.next(), `${server} ${verb}`]];
}

function half(scene: Scene): readonly Drawn[] {
  const { random, moments, servers, pace } = scene;
  const after = random.pick([0, 1, pace, 5 * pace]);
  const status = random.pick([403, 404, 408, 480, 500, 502, 503, 504, 603, 401]);
  const retry = random.chance(0.3) ? ` retry-after=${after}` : "";
  const forLine = lineWord(scene);
  const verb = random.pick([
    `mute${forLine}`,
    "deaf",
    "deaf",
    `answers ${status} to=REGISTER${retry}${forLine}`,
    `answers ${status} to=REGISTER${retry}${forLine}`,
    `answers ${status} to=REGISTER${retry}${forLine}`,
    `answers 503 to=REGISTER retry-after=${after}`,
    `answers ${random.pick([301, 302, 305])} to=REGISTER contact=${random.pick(servers)}${forLine}`,
    `answers 302 to=REGISTER${forLine}`,
    `answers 200 to=REGISTER${forLine}`,
    "answers 423 to=REGISTER",
    `answers 100 to=${random.pick(["REGISTER", "OPTIONS"])}`,
    `answers ${random.pick([302, 404, 408, 500, 503])} to=OPTIONS`,
    `grants ${random.pick([0, 1, 2, 5, pace])}${forLine}`,
    `min-expires ${random.pick([1, 2 * pace, 10 * pace, 86_401])}`,
    `challenges ${random.pick(["on", "off"])}`,
    "wrong-contact",
    "forges",
    `latency ${random.pick([1, 250, 499, 500, 999, 1999, 2000, 2001, 5000])}`,
  ]);
  const drawn: Drawn[] = [[moments.next(), `${random.pick(servers)} ${verb}`]];
  const server = drawn[0]?.[1].split(" ")[0] ?? "";
  // Then a final answer to the same request.
  if (verb.startsWith("answers 100"))
    return [...drawn, [moments.after(random.pick([200, 600])), `${server} back`]];
  return random.chance(0.5) ? [...drawn, [moments.next(), `${server} back`]] : drawn;
}

function network({ random, moments, servers }: Scene): readonly Drawn[] {
  const where = random.chance(0.6) ? ` server=${random.pick(servers)}` : "";
  const [verb, end] = random.pick([
    [`loss ${random.pick([1, 10, 30, 60, 100])}`, "loss 0"],
    [`delay ${random.pick(["1..1", "20..80", "0..1000", "400..600", "1900..2100"])}`, "delay 0..0"],
    [`duplicate ${random.pick([5, 50, 100])}`, "duplicate 0"],
    [`cut ${random.pick(["to", "from", "both"])}`, "cut none"],
    ["icmp off", "icmp on"],
    ["rebind", "rebind"],
  ] as const);
  const begin: Drawn = [moments.next(), `network ${verb}${where}`];
  return random.chance(0.6) ? [begin, [moments.next(), `network ${end}${where}`]] : [begin];
}

function call(scene: Scene): readonly Drawn[] {
  const forLine = lineWord(scene);
  const lasts = scene.random.pick([1, 1000, 1000 * scene.pace, 5000 * scene.pace]);
  return [
    [scene.moments.next(), `call begin${forLine}`],
    [scene.moments.after(lasts), `call end${forLine}`],
  ];
}

function link({ random, moments, pace }: Scene): readonly Drawn[] {
  return [
    [moments.next(), "link down"],
    [moments.after(random.pick([1, 1000, 1000 * pace, 3000 * pace])), "link up"],
  ];
}

function order(scene: Scene): readonly Drawn[] {
  const { random, moments, servers } = scene;
  const verb = random.pick(["refresh", "callFailed", "returnNow", `moveTo ${random.pick(servers)}`]);
  return [[moments.next(), `host ${verb}${lineWord(scene)}`]];
}

function restart({ random, moments }: Scene): readonly Drawn[] {
  return [[moments.next(), random.pick(["host restart", "host reboot", "host copy", "host crash"])]];
}

/** Sometimes only one line is meant. */
function lineWord({ random, lines }: Scene): string {
  return random.chance(0.4) ? ` line=${random.pick(lines)}` : "";
}
