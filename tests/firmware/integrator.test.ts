// What an integrator's own build asks of the two files: no warning however strict, no name but ours, a header for C++ too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { place } from "../../host/tools/bundle.mjs";
import { run } from "../../host/tools/child.ts";
import { DROP_IN, writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { CORE, compileObject, coreObject, NATIVE } from "../../host/tools/firmware/native.ts";

/** More than the rest of the tests ask for. */
const STRICT =
  "-Wpedantic -Wconversion -Wshadow -Wundef -Wcast-align -Wstrict-prototypes -Wmissing-prototypes".split(" ");
/** All that the two files take from a C library; setjmp has another name where it is a macro. */
const FROM_LIBC = /^(memcpy|memmove|memset|_?setjmp|longjmp)$/;

await writeDropIn("build/standfast.wasm");

for (const compiler of ["gcc", "clang"])
  for (const [name, source] of [
    ["the core", CORE],
    ["the example", "host/firmware/example/phone.c"],
  ] as const)
    test(`${compiler}: ${name} is free of warnings, conversions and shadows included`, async () => {
      const flags = ["-O1", ...STRICT];
      assert.deepEqual(
        await compileObject(source, `${NATIVE}/strict-${compiler}.o`, { compiler, flags }),
        [],
      );
    });

for (const compiler of ["gcc", "arm-linux-gnueabihf-gcc"])
  test(`${compiler}: without its extensions the core is C99 all the same`, async () => {
    const absent = ["memcpy", "expect"].map((name) => `-D__builtin_${name}=absent`);
    const flags = ["-Os", "-U__GNUC__", ...absent];
    assert.deepEqual(await compileObject(CORE, `${NATIVE}/plain-${compiler}.o`, { compiler, flags }), []);
  });

test("the header is one of C++ too, and its names are those of C", async () => {
  const source = `${NATIVE}/header.cpp`;
  await place(source, '#include "standfast.h"\nint32_t wake(uint32_t now) { return standfast_wake(now); }\n');
  const words = `-x c++ -std=c++11 -Wall -Wextra -Wpedantic -Wconversion -Wold-style-cast -Werror -I${DROP_IN} -c`;
  const object = `${NATIVE}/header.o`;
  assert.deepEqual(await run("clang", [...words.split(" "), source, "-o", object]), { code: 0, output: "" });
  assert.match((await run("nm", ["-u", object])).output, /^ +U standfast_wake$/m);
});

test("no name of the core but standfast_ can meet one of the firmware", async () => {
  const { output } = await run("nm", ["-g", await coreObject()]);
  const names = [...output.matchAll(/ ([A-Za-z]) (\S+)$/gm)].map(([, kind = "", name = ""]) => ({
    kind,
    name,
  }));
  const [asked, given] = [names.filter(({ kind }) => kind === "U"), names.filter(({ kind }) => kind !== "U")];
  assert.ok(given.length > 20, output);
  assert.deepEqual(
    given.filter(({ name }) => !name.startsWith("standfast_")),
    [],
  );
  assert.deepEqual(
    asked.filter(({ name }) => !FROM_LIBC.test(name)),
    [],
  );
});
