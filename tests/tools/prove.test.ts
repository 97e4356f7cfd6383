// The proof refuses each fault by its own name, and accepts the module that is shipped.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { strip } from "../../host/tools/build/wasm.ts";
import { BUDGET, prove, readExportList } from "../../host/tools/proof/prove.ts";
import type { Limits } from "../../host/tools/proof/rules.ts";
import { fromSource, fromText } from "./plant.ts";

/** A module that breaks no rule, in which faults are planted. */
const MEMORY = '(memory $m 1 1) (export "memory" (memory $m))';
const RUN = '(func $run (export "run") (result i32) (i32.const 1))';
const LIMITS: Limits = { ...BUDGET, exports: ["memory", "run"] };

/** Every rule that a module breaks, once each, in the order of the rules. */
function broken(bytes: Uint8Array, limits: Limits = LIMITS): string[] {
  return [...new Set(prove(bytes, limits).violations.map(({ rule }) => rule))];
}

function texts(bytes: Uint8Array, limits: Limits = LIMITS): string {
  return prove(bytes, limits)
    .violations.map(({ text }) => text)
    .join("\n");
}

test("a module without a fault passes", () => {
  assert.deepEqual(broken(fromText(`(module ${MEMORY} ${RUN})`)), []);
});

/** One fault per row: its name, the module, the rules it breaks, and words of the text. */
const FAULTS: readonly [string, string, readonly string[], RegExp][] = [
  [
    "an import",
    `(module (import "host" "send" (func $send)) ${MEMORY} ${RUN})`,
    ["import"],
    /imports function host\.send; the core computes and the host carries/,
  ],
  [
    "an imported memory",
    `(module (import "env" "memory" (memory $m 1 1)) (export "memory" (memory $m)) ${RUN})`,
    ["import"],
    /imports memory env\.memory/,
  ],
  [
    "a mutable global",
    `(module ${MEMORY} ${RUN} (global $seen (mut i32) (i32.const 0)))`,
    ["mutable-global"],
    /has the mutable global \S+; keep state in a record/,
  ],
  [
    "a start function",
    `(module ${MEMORY} ${RUN} (func $init (i32.store (i32.const 8) (i32.const 1))) (start $init))`,
    ["start"],
    /runs (init|\d+) when it is instantiated/,
  ],
  [
    "a table",
    `(module ${MEMORY} ${RUN} (table $t 1 1 funcref))`,
    ["table"],
    /has a table of functions; .* write a switch/,
  ],
  [
    "an indirect call",
    `(module ${MEMORY} (type $f (func (result i32))) (table $t 1 1 funcref) (elem (i32.const 0) $one)
      (func $one (result i32) (i32.const 1))
      (func $run (export "run") (result i32) (call_indirect (type $f) (i32.const 0))))`,
    ["table", "indirect-call"],
    /calls through a table or a reference; call by name/,
  ],
  [
    "passive data",
    `(module ${MEMORY} ${RUN} (data "later"))`,
    ["passive-data"],
    /has 1 passive data segments/,
  ],
  [
    "memory.grow",
    `(module ${MEMORY} (func $run (export "run") (result i32) (memory.grow (i32.const 1))))`,
    ["memory-grow"],
    /asks for more memory; an allocator was inlined here/,
  ],
  [
    "a memory that may grow",
    `(module (memory $m 1 2) (export "memory" (memory $m)) ${RUN})`,
    ["memory-size"],
    /has a memory of 1 to 2 pages, not of exactly 1/,
  ],
  [
    "a memory without a limit",
    `(module (memory $m 1) (export "memory" (memory $m)) ${RUN})`,
    ["memory-size"],
    /has a memory of 1 to any number of pages/,
  ],
  ["no memory", `(module ${RUN})`, ["memory-size", "missing-export"], /has no memory/],
  [
    "a direct recursion",
    `(module ${MEMORY} (func $run (export "run") (result i32) (call $run)))`,
    ["recursion"],
    /calls itself: (\S+) > \1; write a loop/,
  ],
  [
    "a recursion over three functions",
    `(module ${MEMORY} (func $run (export "run") (result i32) (call $b))
      (func $b (result i32) (call $c)) (func $c (result i32) (call $run)))`,
    ["recursion"],
    /calls itself: (\S+) > \S+ > \S+ > \1/,
  ],
  [
    "a loop that no export reaches",
    `(module ${MEMORY} ${RUN} (func $a (call $b)) (func $b (call $a)))`,
    ["recursion"],
    /calls itself/,
  ],
  [
    "an export that ABI.md does not list",
    `(module ${MEMORY} ${RUN} (func (export "debug")))`,
    ["extra-export"],
    /exports debug; describe it in the list of ABI\.md/,
  ],
  [
    "an export that is gone",
    `(module ${MEMORY})`,
    ["missing-export"],
    /does not export run; .* never taken back/,
  ],
  [
    "a float",
    `(module ${MEMORY} (func $run (export "run") (result i32) (i32.trunc_f64_s (f64.const 1.5))))`,
    ["not-integer"],
    /uses f64 Const; compute with integers/,
  ],
  [
    "a float in a local",
    `(module ${MEMORY} (func $run (export "run") (result i32) (local f32) (i32.const 1)))`,
    ["not-integer"],
    /uses f32 local/,
  ],
  [
    "a vector",
    `(module ${MEMORY} (func $run (export "run") (result i32) (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4))))`,
    ["instruction"],
    /has SIMDExtract; allowed are/,
  ],
  [
    "an atomic access",
    `(module (memory $m 1 1) (export "memory" (memory $m))
      (func $run (export "run") (result i32) (i32.atomic.load (i32.const 8))))`,
    ["instruction"],
    /has atomic access/,
  ],
  [
    "an exception",
    `(module ${MEMORY} (tag $e) (func $run (export "run") (result i32) (throw $e)))`,
    ["instruction"],
    /has Throw/,
  ],
  [
    "the size of memory as a value",
    `(module ${MEMORY} (func $run (export "run") (result i32) (memory.size)))`,
    ["instruction"],
    /has MemorySize/,
  ],
  [
    "a tail call",
    `(module ${MEMORY} (func $run (export "run") (result i32) (return_call $b)) (func $b (result i32) (i32.const 1)))`,
    ["instruction"],
    /has tail call/,
  ],
  [
    "an i64 across the edge",
    `(module ${MEMORY} (func $run (export "run") (param i64) (result i32) (i32.const 1)))`,
    ["wide-edge"],
    /passes i64 through run; split it/,
  ],
];

for (const [name, module, rules, words] of FAULTS) {
  test(`${name} is refused`, () => {
    const bytes = fromText(module);
    assert.deepEqual(broken(bytes), rules);
    assert.match(texts(bytes), words);
  });
}

/** An array on each call: what allocates, written as a slip of the pen would. */
const ALLOCATES = `export function run(): i32 { const list = new Array<i32>(4); list.push(7); return list[4]; }`;

test("an allocator is refused by its name", async () => {
  const bytes = await fromSource(ALLOCATES, ["--runtime", "stub", "--debug", "-O0", "--maximumMemory", "1"]);
  assert.ok(broken(bytes).includes("allocator"));
  assert.match(texts(bytes), /contains ~lib\/rt\/stub\/__alloc; the runtime of asconfig\.json/);
});

test("an allocator that was inlined, and has lost its name, is refused by what it does", async () => {
  const source = "export function run(): i32 { return <i32>heap.alloc(64); }";
  const bytes = await fromSource(source, ["--runtime", "stub", "-O3", "--maximumMemory", "1"]);
  const rules = broken(bytes);
  assert.ok(!rules.includes("allocator"), "its name is gone");
  assert.ok(rules.includes("memory-grow"));
  assert.ok(rules.includes("mutable-global"));
});

test("a function as a value is refused: AssemblyScript calls it through a table", async () => {
  const source = `
    function one(): i32 { return 1; }
    function two(): i32 { return 2; }
    export function run(which: bool): i32 { const chosen = which ? one : two; return chosen(); }`;
  const bytes = await fromSource(source, ["--runtime", "stub", "-O3", "--maximumMemory", "1"]);
  assert.ok(broken(bytes).includes("indirect-call"));
});

test("a memory that may grow is refused whatever compiles it", async () => {
  const bytes = await fromSource("export function run(): i32 { return 1; }", ["--runtime", "stub", "-O3"]);
  assert.deepEqual(broken(bytes), ["memory-size"]);
});

/** A chain of `depth` functions, each with a local of eight bytes that is used after the call. */
function chain(depth: number): string {
  const links = Array.from(
    { length: depth },
    (_, index) => `(func $f${index} (result i32) (local i64) (call $f${index + 1}))`,
  );
  return `(module ${MEMORY} (func $run (export "run") (result i32) (call $f0)) ${links.join(" ")}
    (func $f${depth} (result i32) (i32.const 1)))`;
}

test("a stack of exactly the limit passes, one frame more is refused with its path", () => {
  const { depths } = prove(fromText(chain(10)), LIMITS);
  const bytes = depths.find((depth) => depth.export === "run")?.bytes ?? 0;
  assert.ok(bytes > 10 * 8);
  assert.deepEqual(broken(fromText(chain(10)), { ...LIMITS, stackBytes: bytes }), []);
  assert.deepEqual(broken(fromText(chain(11)), { ...LIMITS, stackBytes: bytes }), ["stack"]);
  assert.match(
    texts(fromText(chain(11)), { ...LIMITS, stackBytes: bytes }),
    /needs \d+ bytes of stack below run, allowed \d+: \S+ > \S+/,
  );
});

test("the deepest path counts, not the first", () => {
  const module = `(module ${MEMORY} (func $run (export "run") (result i32) (drop (call $flat)) (call $deep))
    (func $flat (result i32) (i32.const 1)) (func $deep (result i32) (call $flat)))`;
  const [run] = prove(fromText(module), LIMITS).depths;
  assert.equal(run?.calls, 3);
  assert.equal(run?.path.length, 3);
});

test("data up to the budget passes, one byte more is refused", () => {
  const withData = (bytes: number) =>
    fromText(`(module ${MEMORY} ${RUN} (data (i32.const 64) "${"x".repeat(bytes)}"))`);
  const limits = { ...LIMITS, memoryBytes: 128 };
  assert.deepEqual(broken(withData(64), limits), []);
  assert.deepEqual(broken(withData(65), limits), ["memory-budget"]);
  assert.match(texts(withData(65), limits), /uses 129 bytes of memory, allowed 128/);
});

test("records count too: they end at __heap_base and have no data", () => {
  const module = fromText(
    `(module ${MEMORY} ${RUN} (global $h i32 (i32.const 24577)) (export "__heap_base" (global $h)))`,
  );
  const limits = { ...LIMITS, exports: ["memory", "run", "__heap_base"] };
  assert.deepEqual(broken(module, limits), ["memory-budget"]);
  assert.equal(prove(module, limits).memoryBytes, 24_577);
});

test("a module of exactly the budget passes, one byte less of budget refuses it", () => {
  const bytes = strip(fromText(`(module ${MEMORY} ${RUN})`));
  assert.deepEqual(broken(bytes, { ...LIMITS, moduleBytes: bytes.length }), []);
  assert.deepEqual(broken(bytes, { ...LIMITS, moduleBytes: bytes.length - 1 }), ["module-budget"]);
});

test("names do not count: the shipped module has none", () => {
  const bytes = strip(fromText(`(module ${MEMORY} ${RUN})`));
  const custom = Buffer.concat([bytes, Buffer.from([0, 5, 4]), Buffer.from("note")]);
  assert.equal(prove(custom, LIMITS).moduleBytes, bytes.length);
});

test("bytes that are no module are refused in one line", () => {
  const { violations } = prove(new TextEncoder().encode("not wasm at all"), LIMITS);
  assert.deepEqual(
    violations.map(({ rule }) => rule),
    ["unreadable"],
  );
  assert.ok((violations[0]?.text.length ?? 0) < 300);
});

test("without a list in ABI.md no module passes", () => {
  const bytes = fromText(`(module ${MEMORY} ${RUN})`);
  assert.deepEqual(broken(bytes, { ...LIMITS, exports: undefined }), ["export-list"]);
});

test("the shipped module passes, with and without its names", () => {
  const limits = { ...BUDGET, exports: readExportList() };
  for (const file of ["build/standfast.named.wasm", "build/standfast.wasm"]) {
    assert.deepEqual(prove(readFileSync(file), limits).violations, [], file);
  }
});
