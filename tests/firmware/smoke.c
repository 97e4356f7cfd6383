/* The core as C: starts a phone with one line and two servers that never answer, and prints all it does for a
 * minute of its own time. smoke.test.ts compares every line with what the module does in V8.
 *
 * A line is `<ms> send <server> <hex of the datagram>`, `<ms> event <type> <rule>`, `<ms> sleep <ms>`, or
 * `<ms> refused <code>`. Exit code 70: the core trapped. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standfast.h"
#include "standfast_abi.h"

#define UNTIL_MS 60000u

static Z_standfast_instance_t core;

_Noreturn void wasm_rt_trap(wasm_rt_trap_t code) {
  fprintf(stderr, "the core trapped: %d\n", (int)code);
  exit(70);
}

static uint8_t *input(void) { return Z_standfastZ_memory(&core)->data + Z_standfastZ_buffer(&core); }

static void must(u32 result, const char *what) {
  if (result == STANDFAST_OK) return;
  fprintf(stderr, "%s: %d\n", what, (int)result);
  exit(1);
}

static void text(u32 what, u32 line, u32 server, const char *value) {
  memcpy(input(), value, strlen(value));
  must(Z_standfastZ_setText(&core, what, line, server, (u32)strlen(value)), value);
}

static void configure(void) {
  for (int i = 0; i < 32; i++) input()[i] = (uint8_t)i;
  must(Z_standfastZ_setSeed(&core), "setSeed");
  text(STANDFAST_TEXT_AGENT, 0, 0, "smoke");
  text(STANDFAST_TEXT_INSTANCE, 0, 0, "0badcafe");
  text(STANDFAST_TEXT_USER, 0, 0, "6000");
  for (u32 server = 0; server < 2; server++) {
    const char *address = server == 0 ? "192.0.2.1" : "192.0.2.2";
    must(Z_standfastZ_setServer(&core, server, 5060, STANDFAST_TRANSPORT_UDP), "setServer");
    text(STANDFAST_TEXT_HOST, 0, server, address);
    text(STANDFAST_TEXT_ADDRESS, 0, server, address);
    text(STANDFAST_TEXT_DOMAIN, 0, server, "example.test");
    text(STANDFAST_TEXT_LOCAL, 0, server, "192.0.2.9:5062");
    text(STANDFAST_TEXT_ACCOUNT, 0, server, "6000");
    text(STANDFAST_TEXT_PASSWORD, 0, server, "secret");
  }
}

/* The Output record is little-endian guest memory: ABI.md, "Output". */
static u32 field(u32 offset) {
  u32 value;
  memcpy(&value, Z_standfastZ_memory(&core)->data + Z_standfastZ_output(&core) + offset, sizeof value);
  return value;
}

static void print_send(u32 now) {
  const uint8_t *bytes = Z_standfastZ_memory(&core)->data + field(4);
  printf("%u send %u ", now, field(0) >> 8 & 255);
  for (u32 i = 0; i < field(8); i++) printf("%02x", bytes[i]);
  printf("\n");
}

/* Prints all that poll() gives; returns for how long to sleep. */
static u32 drain(u32 now) {
  for (;;) switch (Z_standfastZ_poll(&core)) {
      case STANDFAST_OUT_SEND: print_send(now); break;
      case STANDFAST_OUT_EVENT: printf("%u event %u %u\n", now, field(16) & 255, field(16) >> 16 & 255); break;
      case STANDFAST_OUT_SLEEP: printf("%u sleep %u\n", now, field(12)); return field(12);
      default: printf("%u stopped\n", now); exit(1);
    }
}

int main(void) {
  u32 now = 0xffffff00u; /* the clock wraps on the way */
  const u32 end = now + UNTIL_MS;
  Z_standfast_init_module();
  Z_standfast_instantiate(&core);
  configure();
  must(Z_standfastZ_start(&core, now), "start");
  u32 sleep = drain(now);
  memcpy(input(), "garbage", 7);
  printf("%u refused %d\n", now, (int)Z_standfastZ_receive(&core, 0, 7, now));
  while ((int32_t)(end - (now + sleep)) > 0) {
    now += sleep;
    Z_standfastZ_wake(&core, now);
    sleep = drain(now);
  }
  return 0;
}
