// Unit tests of the core. `npm run unit` runs them all, `npm run unit -- base/bytes` those whose path matches.
// STANDFAST_COVERAGE=1 adds a table of what no spec has run.

/** Spec files chosen by the runner, separated by blanks; without a choice all of them. */
const chosen = process.env.STANDFAST_SPECS?.split(" ").filter(Boolean);

export default {
  entries: chosen ?? ["tests/unit/**/*.spec.ts"],
  include: ["tests/unit/**/*.include.ts"],
  disclude: [],
  coverage: process.env.STANDFAST_COVERAGE === "1" ? ["assembly/{base,wire,session,policy}/*.ts"] : [],
  async instantiate(memory, createImports, instantiate, binary) {
    return instantiate(binary, createImports({ env: { memory } }));
  },
  outputBinary: false,
};
