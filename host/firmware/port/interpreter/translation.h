/* In the place of the translation of the module: each call of api/standfast.c goes to wasm3, which runs the module as it is.
 *
 * The memory belongs to wasm3, and has STANDFAST_MEMORY bytes of the page that the module asks for; wasm3 compares every
 * access with that. A new instance begins with an empty heap and takes the module anew. Below: heap.h, wasm3. */

#include <m3_env.h>

#include "heap.h"
#include "module.h"

/* Bytes of the stack of values; the deepest call of the core takes a few hundred. */
#ifndef STANDFAST_INTERPRETER_STACK
#define STANDFAST_INTERPRETER_STACK 4096
#endif

static IM3Runtime runtime;

/* @returns 0: the heap is too small, or wasm3 does not know what the module needs */
static u8 load_data(void) {
  IM3Module module = NULL;
  heap_empty();
  memory = NULL;
  const IM3Environment environment = m3_NewEnvironment();
  if (environment == NULL) return 0;
  runtime = m3_NewRuntime(environment, STANDFAST_INTERPRETER_STACK, NULL);
  if (runtime == NULL) return 0;
  runtime->memoryLimit = STANDFAST_MEMORY;
  if (m3_ParseModule(environment, &module, MODULE, sizeof MODULE) != m3Err_none) return 0;
  if (m3_LoadModule(runtime, module) != m3Err_none) return 0;
  memory = m3_GetMemory(runtime, NULL, 0);
  return 1;
}

/* An export is compiled by its first call, so this too may find the heap too small. */
static u32 call(const char *name, u32 a, u32 b, u32 c, u32 d) {
  const void *const arguments[] = {&a, &b, &c, &d};
  u32 result = 0;
  const void *results[] = {&result};
  IM3Function function;
  if (m3_FindFunction(&function, runtime, name) != m3Err_none) trap();
  if (m3_Call(function, m3_GetArgCount(function), (const void **)arguments) != m3Err_none) trap();
  if (m3_GetRetCount(function) > 0 && m3_GetResults(function, 1, results) != m3Err_none) trap();
  return result;
}

static u32 core_abiVersion(void) { return call("abiVersion", 0, 0, 0, 0); }
static u32 core_buffer(void) { return call("buffer", 0, 0, 0, 0); }
static u32 core_output(void) { return call("output", 0, 0, 0, 0); }
static u32 core_setSeed(void) { return call("setSeed", 0, 0, 0, 0); }
static u32 core_setParam(u32 id, u32 value) { return call("setParam", id, value, 0, 0); }
static u32 core_setServer(u32 server, u32 port, u32 transport) { return call("setServer", server, port, transport, 0); }
static u32 core_setText(u32 what, u32 line, u32 server, u32 length) { return call("setText", what, line, server, length); }
static u32 core_setTargets(u32 server, u32 count, u32 current) { return call("setTargets", server, count, current, 0); }
static u32 core_start(u32 now) { return call("start", now, 0, 0, 0); }
static u32 core_resume(u32 now) { return call("resume", now, 0, 0, 0); }
static u32 core_receive(u32 server, u32 length, u32 now) { return call("receive", server, length, now, 0); }
static u32 core_flow(u32 server, u32 generation, u32 state, u32 now) { return call("flow", server, generation, state, now); }
static u32 core_frame(u32 length) { return call("frame", length, 0, 0, 0); }
static u32 core_failed(u32 server, u32 now) { return call("failed", server, now, 0, 0); }
static u32 core_wake(u32 now) { return call("wake", now, 0, 0, 0); }
static u32 core_command(u32 code, u32 line, u32 server, u32 now) { return call("command", code, line, server, now); }
static u32 core_poll(void) { return call("poll", 0, 0, 0, 0); }
static u32 core_lineView(u32 line) { return call("lineView", line, 0, 0, 0); }
static u32 core_serverView(u32 server) { return call("serverView", server, 0, 0, 0); }
static u32 core_contact(u32 server) { return call("contact", server, 0, 0, 0); }
static u32 core_refused(u32 reason) { return call("refused", reason, 0, 0, 0); }
