// What a pair shares, in memory: the objects and the licences, their version, and the last changes in order.
//
// A journal is told first, so nothing is true here that would be forgotten by a crash. The master edits; a standby
// follows: it takes the next change or a whole set, and refuses edits with the place where they belong.
// Below: edit.ts. Above: the sessions of replication in this folder, host/node/pair/store.ts.

import { type Change, digestOf, type Edit, follow, readEdit, type WholeSet } from "./edit.ts";
import { type Licences, NO_LICENCES } from "./licences.ts";
import { canonical, type PbxObject } from "./object.ts";

/** Keeps what must not be forgotten; it has kept it when it returns, and when it throws nothing was changed. */
export interface Journal {
  /** Appends changes, all of them or none. */
  append(changes: readonly Change[]): void;
  /** Forgets everything and keeps this instead, in one step. */
  replace(set: WholeSet): void;
}

/** A version, and the chain of changes that led to it. */
export interface Standing {
  readonly version: number;
  readonly history: string;
}

/** What a journal gave back after a start. */
export interface Stored extends WholeSet {
  /** The last changes up to `version`, without a gap; may be empty. */
  readonly changes: readonly Change[];
}

/** Changes that a master remembers for a standby that was away; after more of them it sends the whole set. */
export const CHANGES_KEPT = 10_000;
/** Objects of one directory; what a node may hold (`objectsMax`) is at most this. */
export const OBJECTS_MAX = 100_000;

export class Directory {
  readonly #journal: Journal;
  readonly #masterAt: string | undefined;
  #objects: Map<string, PbxObject>;
  #changes: Change[];
  /** Where the first of the changes began; undefined: it was not written down. */
  #base: Standing | undefined;
  #licences: Licences;
  #version: number;
  #history: string;
  #digest: string | undefined;
  readonly #watchers = new Set<() => void>();

  /**
   * @param stored of this journal
   * @param masterAt where edits belong when this node follows a master; undefined: here
   */
  constructor(journal: Journal, stored: Stored, masterAt?: string) {
    this.#journal = journal;
    this.#masterAt = masterAt;
    this.#objects = byUser(stored.objects);
    this.#changes = [...stored.changes];
    this.#base = stored.changes.length === 0 ? stored : undefined;
    this.#licences = stored.licences;
    this.#version = stored.version;
    this.#history = stored.history;
  }

  /** 0: it was never changed. */
  get version(): number {
    return this.#version;
  }

  /** The chain of changes that led here, or the name of the empty start; edit.ts. */
  get history(): string {
    return this.#history;
  }

  get licences(): Licences {
    return this.#licences;
  }

  get size(): number {
    return this.#objects.size;
  }

  objects(): Iterable<PbxObject> {
    return this.#objects.values();
  }

  find(user: string): PbxObject | undefined {
    return this.#objects.get(user);
  }

  /** Equal at two nodes: they have equal objects and licences. */
  digest(): string {
    this.#digest ??= digestOf(this.#licences, this.#objects.values());
    return this.#digest;
  }

  /** Calls after each change, until the function that it returns is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Everything, as it is now; later changes do not show in it. */
  whole(): WholeSet {
    return {
      version: this.#version,
      history: this.#history,
      licences: this.#licences,
      objects: [...this.#objects.values()],
    };
  }

  /** The changes after `version`; undefined: they are forgotten, or that is another history. */
  since(version: number, history: string): readonly Change[] | undefined {
    if (version === this.#version) return history === this.#history ? [] : undefined;
    if (version === this.#base?.version) return history === this.#base.history ? this.#changes : undefined;
    const at = this.#changes.findIndex((change) => change.version === version);
    return this.#changes[at]?.history === history ? this.#changes.slice(at + 1) : undefined;
  }

  /**
   * Edits at the master, all of them or none; what changes nothing takes no version.
   * @returns how many changes that made
   * @throws EditRefused
   */
  edit(edits: readonly Edit[]): number {
    if (this.#masterAt !== undefined) throw new EditRefused(refusal(this.#masterAt));
    const changes: Change[] = [];
    let size = this.size;
    const touched = new Map<string, PbxObject | undefined>();
    let licences = this.#licences;
    for (const given of edits) {
      const edit = readEdit(given);
      if (typeof edit === "string") throw new EditRefused(edit);
      if (edit.kind === "licences") {
        if (sameLicences(licences, edit.licences)) continue;
        licences = edit.licences;
      } else {
        const user = edit.kind === "put" ? edit.object.user : edit.user;
        const old = touched.has(user) ? touched.get(user) : this.#objects.get(user);
        if (edit.kind === "remove" && old === undefined) throw new EditRefused(unknown(user));
        const next = edit.kind === "put" ? edit.object : undefined;
        if (next && old && canonical(next) === canonical(old)) continue;
        size += Number(next !== undefined) - Number(old !== undefined);
        if (size > OBJECTS_MAX) throw new EditRefused(`a directory has room for ${OBJECTS_MAX} objects`);
        touched.set(user, next);
      }
      changes.push(follow(changes.at(-1) ?? this, edit));
    }
    this.#append(changes);
    return changes.length;
  }

  /**
   * Follows the master by its next changes, all of them or none.
   * @returns false: they do not follow what is here, so the whole set is needed
   */
  take(changes: readonly Change[]): boolean {
    const expected: Change[] = [];
    for (const { edit } of changes) expected.push(follow(expected.at(-1) ?? this, edit));
    const isNext = expected.every(({ history }, at) => history === changes[at]?.history);
    if (isNext) this.#append(expected);
    return isNext;
  }

  /** Becomes what the master is, in one step. */
  replace(set: WholeSet): void {
    this.#journal.replace(set);
    this.#objects = byUser(set.objects);
    this.#changes = [];
    this.#base = set;
    this.#licences = set.licences;
    this.#moveTo(set);
  }

  #append(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last === undefined) return;
    this.#journal.append(changes);
    for (const { edit } of changes) this.#perform(edit);
    const all = [...this.#changes, ...changes];
    this.#base = all.at(-CHANGES_KEPT - 1) ?? this.#base;
    this.#changes = all.slice(-CHANGES_KEPT);
    this.#moveTo(last);
  }

  #perform(edit: Edit): void {
    if (edit.kind === "put") this.#objects.set(edit.object.user, edit.object);
    else if (edit.kind === "remove") this.#objects.delete(edit.user);
    else this.#licences = edit.licences;
  }

  #moveTo({ version, history }: Standing): void {
    this.#version = version;
    this.#history = history;
    this.#digest = undefined;
    for (const watcher of this.#watchers) watcher();
  }
}

/** An edit that was not made; the message says what is wrong and the way out. */
export class EditRefused extends Error {}

/** A directory in which nothing was ever written. @param history 64 random hex digits: no two starts are alike */
export function emptySet(history: string): Stored {
  return { version: 0, history, licences: NO_LICENCES, objects: [], changes: [] };
}

function byUser(objects: readonly PbxObject[]): Map<string, PbxObject> {
  return new Map(objects.map((object) => [object.user, object]));
}

function sameLicences(a: Licences, b: Licences): boolean {
  return a.registrations === b.registrations && a.standby === b.standby;
}

function refusal(masterAt: string): string {
  return `this node is a standby, its objects and licences come from the master: edit them at the master, ${masterAt}`;
}

function unknown(user: string): string {
  return `there is no object ${JSON.stringify(user.slice(0, 80))}: list the objects for the names there are`;
}
