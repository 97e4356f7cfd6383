/* wasm3 as one source, from a folder of system headers: its warnings are not ours to heed. Left out are its printing,
 * its tracing and WASI. */

/* The first: it defines what the headers declare. */
#include <m3_core.c>

#include <m3_bind.c>
#include <m3_code.c>
#include <m3_compile.c>
#include <m3_env.c>
#include <m3_exec.c>
#include <m3_function.c>
#include <m3_module.c>
#include <m3_parse.c>
