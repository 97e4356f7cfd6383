/* Target `sequence`: a phone, and all that can happen to it, in any order.
 *
 * Input: the settings, then steps, of which the low four bits of a byte say which; what a step needs follows it. Past the
 * end of the input come zeros. docs/fuzzing.md. */

#include "answer.h"
#include "bytes.h"
#include "deliver.h"
#include "phone.h"
#include "setup.h"

/* As many as lie in an input of the greatest length; a step of many wake-ups counts as them. */
enum { WORK_MAX = 4000 };

static unsigned work;
static struct moment snapshot;

/* A number near a limit of some argument; from 0xf0 on any. */
static uint32_t number(struct bytes *input) {
  static const uint32_t NUMBERS[] = {0,   1,   2,   3,    4,    5,     7,     8,          9,          10,        11,
                                     12,  13,  15,  16,   30,   31,    46,    47,         48,         49,        55,
                                     56,  60,  63,  64,   100,  120,   200,   254,        255,        256,       300,
                                     500, 600, 900, 1000, 1800, 2000,  2048,  2049,       3600,       4000,      32000,
                                     43200, 65535, 65536, 86400, 604800, 2000000, 0x7fffffff, 0x80000000, 0xffffffff};
  const uint8_t which = take(input);
  if (which < 0xf0) return NUMBERS[which % (sizeof NUMBERS / sizeof *NUMBERS)];
  const uint32_t low = take(input) | (uint32_t)take(input) << 8;
  return low | (uint32_t)take(input) << 16 | (uint32_t)take(input) << 24;
}

static void set_up(struct bytes *input) {
  static const uint8_t LINE_COUNTS[] = {1, 2, 3, LINES};
  static const uint32_t CLOCKS[] = {0, 0xffffff00, 0x7fffff00, 0xfff00000};
  const uint8_t size = take(input);
  struct setup it = {.servers = size % 4 + 1, .lines = LINE_COUNTS[size / 4 % 4], .now = CLOCKS[size / 16 % 4]};
  it.transports = take(input);
  it.kind = take(input);
  setup_phone(&it);
  for (uint8_t count = take(input) % 32; count > 0; count--) {
    const uint32_t id = take(input) % 64;
    CHECKED(core_setParam(id, number(input)));
  }
  CHECKED(core_start(phone.now));
  phone_drain();
}

static void pass_time(struct bytes *input) {
  static const uint32_t DELTAS[] = {1,      10,     100,     499,     500,      1000,     2000,       5000,
                                    10000,  30000,  60000,   300000,  600000,   1800000,  3600000,    43200000,
                                    86400000, 604800000, 0x7fffffff, 0x80000000, 0xffffffff, 0};
  const uint8_t which = take(input);
  phone_wake(which < 128 ? DELTAS[which % (sizeof DELTAS / sizeof *DELTAS)] : number(input));
}

static void wake_often(struct bytes *input) {
  for (uint8_t times = take(input) % 64; times > 0 && work < WORK_MAX; times--, work++) phone_wake_next();
}

static void command(struct bytes *input) {
  const uint8_t code = take(input) % (STANDFAST_CMD_COUNT + 1);
  const uint8_t who = take(input);
  const uint32_t line = who < 128 ? STANDFAST_LINE_ALL : who % (LINES + 1);
  CHECKED(core_command(code, line, take(input) % 16, phone.now));
}

static void flow(struct bytes *input) {
  const uint8_t server = take(input) % (phone.servers + 1);
  const uint8_t how = take(input);
  const uint8_t state = how % 10;
  /* Mostly of the flow that is wanted; else of an earlier one, or none. */
  const uint32_t generation = phone.generation[server % 4] + (how < 200 ? 0 : how);
  CHECKED(core_flow(server, generation, state, phone.now));
}

static void text(struct bytes *input) {
  const uint32_t what = take(input) % (STANDFAST_TEXT_COUNT + 1);
  const uint32_t line = take(input) % (LINES + 1);
  const uint32_t server = take(input) % 5;
  size_t length;
  const uint8_t *bytes = take_slice(input, take(input) % 80, &length);
  phone_give(bytes, length);
  CHECKED(core_setText(what, line, server, (uint32_t)length));
}

static void message(struct bytes *input, void (*how)(uint32_t, const uint8_t *, size_t)) {
  const uint8_t source = take(input) % 8;
  const uint8_t length = take(input);
  size_t taken;
  const uint8_t *bytes = take_slice(input, 4u * length, &taken);
  how(source < 6 ? source : source == 6 ? STANDFAST_SERVER_LISTED : STANDFAST_SERVER_NONE, bytes, taken);
}

/* An export with any arguments. What they say of the buffer is true, as the core cannot know better. */
static void any_export(struct bytes *input) {
  const uint8_t which = take(input) % 15;
  const uint32_t a = number(input), b = number(input), c = number(input), d = number(input);
  switch (which) {
    case 0: CHECKED(core_setParam(a, b)); break;
    case 1: CHECKED(core_setServer(a, b, c)); break;
    case 2: CHECKED(core_setText(a, b, c, phone.given)); break;
    case 3: CHECKED(core_start(a)); break;
    case 4: CHECKED(core_receive(a, phone.given < 2048 ? phone.given : d, phone.now)); break;
    case 5: CHECKED(core_setTargets(a % 8, b % 16, c % 16)); break;
    case 6: CHECKED(core_flow(a, b, c, phone.now)); break;
    case 7: CHECKED(core_frame(phone.given < 2048 ? phone.given : a)); break;
    case 8: CHECKED(core_failed(a, phone.now)); break;
    case 9: CHECKED(core_wake(a)); break;
    case 10: CHECKED(core_command(a, b, c, phone.now)); break;
    case 11: core_refused(a); break;
    case 12: if (phone.given >= 32) CHECKED(core_setSeed()); break;
    case 14: if (phone.given >= 32) CHECKED(core_resume(a)); break;
    case 13: core_lineView(a), core_serverView(b), core_contact(c); break;
  }
}

/* Events that wait to be read are in no snapshot. */
static void take_snapshot(void) {
  phone.is_undrained = false;
  phone_drain();
  phone_save(&snapshot);
}

/* Another instance goes on from the snapshot: as a copy, or as after a trap. */
static void go_on(bool is_copy) {
  static const uint8_t SEED[32] = {1, 2, 3};
  phone_restart(&snapshot);
  for (uint32_t server = 0; server < phone.servers; server++) setup_text(STANDFAST_TEXT_PASSWORD, 0, server, "PASSWORD");
  phone_give(SEED, sizeof SEED);
  if (!is_copy) CHECKED(core_resume(phone.now));
}

/* Steps are told apart by four bits, but for two that came later. */
static void step(uint8_t which, struct bytes *input) {
  if ((which & 31) == 16) return take_snapshot();
  if ((which & 31) == 17) {
    go_on((take(input) & 1) != 0);
    return phone_drain();
  }
  switch (which & 15) {
    case 0: return phone_wake_next();
    case 1: return answer(input);
    case 2: return pass_time(input);
    case 3: command(input); break;
    case 4: CHECKED(core_failed(take(input) % (phone.servers + 1), phone.now)); break;
    case 5: any_export(input); break;
    case 6: flow(input); break;
    case 7: return deliver_text(phone_sent(0)->server, "SIP/2.0 200 OK\r\n\1Contact: \7;expires=300\r\n\r\n");
    case 8: return deliver_text(phone_sent(0)->server, "SIP/2.0 401 U\r\n\1WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\"\r\n\r\n");
    case 9: return message(input, deliver);
    case 10: return message(input, deliver_stream);
    case 11: return wake_often(input);
    case 12: phone_scribble(take(input)); break;
    case 13: phone.is_undrained = !phone.is_undrained; break;
    case 14: phone_poll(); return;
    case 15: text(input); break;
  }
  phone_drain();
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  phone_init();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct bytes bytes = {input, input + length};
  work = 0;
  set_up(&bytes);
  take_snapshot();
  for (; bytes.at < bytes.end && work < WORK_MAX; work++) step(take(&bytes), &bytes);
  return 0;
}
