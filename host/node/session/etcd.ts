// The four questions that ownership asks of etcd, over the JSON interface that etcd itself documents ("gRPC gateway").
//
// Addresses are asked in turn: the one that answered last, and after a failure the next. A question has a time-out and
// is never repeated here: whether to ask again is decided by the lease. Above: lease.ts.
//
// A renewal is believed when the same member then finds the key to be ours still. It is answered by whoever takes itself
// for the leader, and before 3.4.31 and 3.5.13 one whose disk hangs does so long after the others have another leader and
// another owner (etcd #15247). A look needs most of the members, so that one cannot answer it.

import type { Answer, Question } from "../../session/lease/owner.ts";
import { reasonOf } from "../error.ts";

export interface EtcdOptions {
  /** Such as `http://127.0.0.1:2379`; of one cluster. */
  readonly endpoints: readonly string[];
  readonly key: string;
  /** Written under the key, for people. */
  readonly name: string;
  readonly timeoutMs: number;
}

type Json = Readonly<Record<string, unknown>>;

/** An address that does not exist, and the requests it takes. Range and txn: KV; the others: Lease. */
const PATHS = {
  look: "/v3/kv/range",
  grant: "/v3/lease/grant",
  claim: "/v3/kv/txn",
  renew: "/v3/lease/keepalive",
  revoke: "/v3/lease/revoke",
} as const;

export class Etcd {
  readonly #options: EtcdOptions;
  #at = 0;

  constructor(options: EtcdOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong is an answer too. */
  async ask(question: Question): Promise<Answer> {
    const { endpoints } = this.#options;
    const endpoint = endpoints[this.#at % endpoints.length] ?? "";
    const ask = this.#asking(endpoint);
    try {
      const answer = this.#read(question.kind, await ask(question));
      if (question.kind !== "renew" || answer.kind === "gone") return answer;
      return isOurs(await ask({ kind: "look", id: question.id }), question.epoch) ? answer : { kind: "gone" };
    } catch (error) {
      this.#at += 1;
      return { kind: "failed", why: `etcd at ${endpoint}: ${reasonOf(error)}` };
    }
  }

  /** Requests to one member, with one time-out for all of them. */
  #asking(endpoint: string): (question: Question) => Promise<Json> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    return async (question) => {
      const body = JSON.stringify(this.#write(question));
      const url = new URL(PATHS[question.kind], endpoint);
      const response = await fetch(url, { method: "POST", body, signal, redirect: "error" });
      const answer = (await response.json()) as Json;
      if (!response.ok || answer.error)
        throw new Error(`${response.status} ${answer.message ?? answer.error ?? ""}`);
      return answer;
    };
  }

  #write(question: Question): object {
    const { key, name } = this.#options;
    const encoded = base64(key);
    switch (question.kind) {
      case "look":
        return { key: encoded };
      case "grant":
        return { TTL: question.seconds };
      case "claim":
        return {
          compare: [{ target: "CREATE", key: encoded, createRevision: "0" }],
          success: [{ requestPut: { key: encoded, value: base64(name), lease: question.lease } }],
        };
      case "renew":
      case "revoke":
        return { ID: question.lease };
    }
  }

  /** Numbers of 64 bits are strings, and what is zero or false is left out. */
  #read(kind: Question["kind"], body: Json): Answer {
    switch (kind) {
      case "look": {
        const held = holding(body);
        return held === undefined ? { kind: "free" } : { kind: "held", by: text(held.value) };
      }
      case "grant":
        return grantOf(body);
      case "claim":
        return body.succeeded === true ? { kind: "claimed", epoch: revisionOf(body) } : { kind: "beaten" };
      case "renew":
        return isAlive(body.result) ? { kind: "renewed" } : { kind: "gone" };
      case "revoke":
        return { kind: "gone" };
    }
  }
}

/** The key with its value, in the answer to a look; undefined: nobody has it. */
function holding({ kvs }: Json): Json | undefined {
  return Array.isArray(kvs) ? kvs[0] : undefined;
}

function isOurs(body: Json, epoch: number): boolean {
  return Number(holding(body)?.create_revision) === epoch;
}

function grantOf({ ID, TTL }: Json): Answer {
  const seconds = Number(TTL);
  if (ID === undefined || !(seconds > 0)) throw new Error(`no lease is granted: ID ${ID}, TTL ${TTL}`);
  return { kind: "granted", lease: String(ID), seconds };
}

/** Of the transaction that took the key: no later one has a lower. */
function revisionOf({ header }: Json): number {
  const revision = Number((header as Json | undefined)?.revision);
  if (!Number.isSafeInteger(revision))
    throw new Error(`the answer has no revision: ${JSON.stringify(header)}`);
  return revision;
}

function isAlive(result: unknown): boolean {
  return Number((result as Json | undefined)?.TTL ?? 0) > 0;
}

function base64(words: string): string {
  return Buffer.from(words).toString("base64");
}

function text(encoded: unknown): string {
  return Buffer.from(String(encoded ?? ""), "base64").toString();
}
