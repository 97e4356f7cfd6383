// What the core does, step by step: each starts from a state of a story, with its datagrams at hand.
//
// An operation holds everything between the host and the module: the call, the copy of the datagram into the input
// buffer, and polling until the core sleeps. Sockets and the typed host are left out: heap/ has them.
// Below: story.ts, messages.ts. Above: all.ts.

import * as abi from "../../assembly/abi.ts";
import type { CompiledModule } from "../core/load.ts";
import { BESIDE } from "./beside.ts";
import { type Step, stepOn } from "./measure.ts";
import { bytesOf, INVITE, numbers, textOf, withBranch, withCallId } from "./messages.ts";
import { BenchPhone } from "./phone.ts";
import { type Moment, type Story, tell } from "./story.ts";

export interface Stories {
  readonly md5: Story;
  readonly sha256: Story;
  readonly heartbeat: Story;
}

/** Phones that are put back before a batch; few enough that all of them stay in the second cache. */
const PHONES = 16;
/** Wake-ups of a batch. All batches are shorter than the time after which a busy machine takes the processor away. */
const WAKE_UPS = 128;
/** Datagrams of a batch that needs no state to be put back. */
const GUESSES = 32;
/** Different datagrams of one kind, so that no branch of the reader is learnt by heart. */
const KINDS = 16;
/** Longer than any head of ours, shorter than a fragment. */
const NOISE_BYTES = 600;
/** A guess costs the core the same long after the last request as shortly after it; this is well inside the lease. */
const QUIET_MS = 20_000;

export function tellAll(module: CompiledModule): Stories {
  return {
    md5: tell(module, "MD5", {}),
    sha256: tell(module, "SHA-256", {}),
    heartbeat: tell(module, "MD5", { primaryDetectInterval: 30, detectPhase: "fixed" }),
  };
}

export function coreSteps(module: CompiledModule, stories: Stories): Step[] {
  const { md5, sha256, heartbeat } = stories;
  const phones = Array.from({ length: PHONES }, () => new BenchPhone(module));
  return [
    idle(module, heartbeat),
    cycle("heartbeat: due, OPTIONS written, 200 taken", [BESIDE.readOptions200], heartbeat.due, phones),
    answered("401 with MD5: taken, REGISTER with digest written", BESIDE.md5, md5.challenged, phones),
    answered("401 with SHA-256: the same", BESIDE.sha256, sha256.challenged, phones),
    cycle(
      "refresh, MD5: due, REGISTER with digest written, 200 taken",
      [BESIDE.read200, BESIDE.md5],
      md5.due,
      phones,
    ),
    cycle("refresh, SHA-256: the same", [BESIDE.read200, BESIDE.sha256], sha256.due, phones),
    ...hostileSteps(module, md5),
  ];
}

function idle(module: CompiledModule, { served }: Story): Step {
  const phone = new BenchPhone(module).restore(served.memory);
  return {
    name: "idle wake-up: nothing is due",
    beside: [BESIDE.emptyCall],
    batch: WAKE_UPS,
    run: () => {
      phone.core.wake(served.at);
      return phone.settle();
    },
    result: 0,
  };
}

/** A timer is due, one request is written, its answer is taken. */
function cycle(name: string, beside: string[], due: Moment, phones: readonly BenchPhone[]): Step {
  return stepOn({
    name,
    beside,
    batch: phones.length,
    given: putBack(phones, due.memory),
    run: (phone: BenchPhone) => {
      phone.core.wake(due.at);
      const written = phone.settle();
      const result = phone.receive(0, due.answer, due.at);
      return result === abi.OK && phone.settle() === 0 ? written : -1;
    },
    result: 1,
  });
}

/** A challenge comes, the same request goes out with credentials. */
function answered(name: string, digest: string, moment: Moment, phones: readonly BenchPhone[]): Step {
  return stepOn({
    name,
    beside: [BESIDE.read401, digest],
    batch: phones.length,
    given: putBack(phones, moment.memory),
    run: (phone: BenchPhone) => {
      const result = phone.receive(0, moment.answer, moment.at);
      return result === abi.OK ? phone.settle() : -1;
    },
    result: 1,
  });
}

/** Hands out one phone after the other, each in that state. */
function putBack(phones: readonly BenchPhone[], memory: Uint8Array): () => BenchPhone {
  let next = 0;
  return () => {
    const phone = phones[next] as BenchPhone;
    next = (next + 1) % phones.length;
    return phone.restore(memory);
  };
}

function hostileSteps(module: CompiledModule, { served }: Story): Step[] {
  const draw = numbers(20_261_121);
  const hex = (): string => (draw().toString(16) + draw().toString(16)).padStart(16, "0");
  const granted = textOf(served.answer);
  const make = (one: () => Uint8Array): Uint8Array[] => Array.from({ length: KINDS }, one);
  const refusal = (reason: number): number => abi.REFUSED_BASE - reason;
  const phone = new BenchPhone(module).restore(served.memory);
  const step = (
    name: string,
    beside: string,
    source: number,
    datagrams: Uint8Array[],
    result: number,
  ): Step => {
    let next = 0;
    return {
      name,
      beside: [beside],
      batch: GUESSES,
      run: () => {
        next = (next + 1) % KINDS;
        const result = phone.receive(source, datagrams[next] as Uint8Array, served.at + QUIET_MS);
        return phone.settle() === 0 ? result : 0;
      },
      result,
    };
  };
  return [
    step(
      "hostile: our Call-ID, another branch",
      BESIDE.read200,
      0,
      make(() => bytesOf(withBranch(granted, hex()))),
      refusal(abi.R_UNKNOWN_ANSWER),
    ),
    step(
      "hostile: an answer with another Call-ID",
      BESIDE.read200,
      0,
      make(() => bytesOf(withCallId(granted, hex()))),
      refusal(abi.R_UNKNOWN_ANSWER),
    ),
    step(
      `hostile: ${NOISE_BYTES} random bytes`,
      BESIDE.copy,
      abi.SERVER_NONE,
      make(() => Uint8Array.from({ length: NOISE_BYTES }, draw)),
      refusal(abi.R_MALFORMED),
    ),
    step(
      "hostile: a stranger's INVITE, handed back",
      BESIDE.readInvite,
      abi.SERVER_NONE,
      make(() => bytesOf(withBranch(INVITE, hex()))),
      abi.NOT_MINE,
    ),
  ];
}
