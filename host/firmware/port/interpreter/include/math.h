/* Nothing: wasm3 is compiled without floats. */
