/* What gcc takes from libgcc for operations that wasm3 has and the core has not, where there is no libgcc: a fault. The
 * translation of the module names each operation of the core (host/tools/firmware/translate.ts), so one that is missing
 * would be noticed there. */

#define NEVER_CALLED(name) \
  void name(void);         \
  void name(void) { __builtin_trap(); }

NEVER_CALLED(__aeabi_ldivmod)
NEVER_CALLED(__aeabi_uldivmod)
NEVER_CALLED(__ctzdi2)
NEVER_CALLED(__popcountdi2)
NEVER_CALLED(__popcountsi2)
