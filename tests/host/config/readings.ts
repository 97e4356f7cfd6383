// What the tests of configurations share: reading a text, and the lines people would see.
import assert from "node:assert/strict";
import type { Reading } from "../../../host/config/build.ts";
import { describeError } from "../../../host/config/error.ts";
import type { PhoneConfig } from "../../../host/config/model.ts";
import { type Extras, readConfig } from "../../../host/config/read.ts";

export function reading(text: string, name: string, extras: Extras = {}): Reading {
  return readConfig(new TextEncoder().encode(text), name, extras);
}

export function accepted(it: Reading): PhoneConfig {
  assert.equal(it.kind, "accepted", complaints(it).join("\n"));
  return (it as Extract<Reading, { kind: "accepted" }>).config;
}

/** The messages of a refused configuration, as they are printed. */
export function complaints(it: Reading): string[] {
  return it.kind === "refused" ? it.errors.map(describeError) : [];
}

/** Every string and number inside a value. */
export function leaves(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.values(value).flatMap(leaves);
}
