// Makes the module as small as binaryen can.
//
// asc runs the same optimizer with limits of its own, and inlines for speed: small functions into all their
// callers, large ones into none. For size it is the other way round. Above: compile.ts.

import binaryen from "binaryen";

/**
 * @param module as asc writes it without optimizing
 * @param inlines whether a function may move into its only caller
 * @returns the shipped module with its names, and its text
 */
export function shrink(
  module: Uint8Array,
  inlines: boolean,
): { readonly bytes: Uint8Array; readonly text: string } {
  const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory, BulkMemoryOpt } = binaryen.Features;
  const features = MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory | BulkMemoryOpt;
  const optimized = binaryen.readBinary(module);
  try {
    optimized.setFeatures(features);
    binaryen.setOptimizeLevel(2);
    binaryen.setShrinkLevel(2);
    binaryen.setDebugInfo(true);
    binaryen.setAlwaysInlineMaxSize(0);
    binaryen.setOneCallerInlineMaxSize(inlines ? NO_LIMIT : 0);
    for (let round = 0; round < ROUNDS; round++) optimized.optimize();
    return { bytes: optimized.emitBinary(), text: optimized.emitText() };
  } finally {
    optimized.dispose();
  }
}

const NO_LIMIT = -1;
/** What the first round inlines gives the second something to find; a third finds nothing. */
const ROUNDS = 2;
