/* Of <inttypes.h> what wasm3 takes of it. */
#include <stdint.h>
