/* Options with a value take it from the next word. */

#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char HELP[] =
    "usage: standfast-posix --config FILE [OPTION..]\n"
    "\n"
    "Keeps a phone registered over UDP while its servers fail and come back, and writes what it does on stderr.\n"
    "\n"
    "  -c, --config FILE    the phone's configuration, key = value; docs/parameters.md has the keys\n"
    "  --check              read the configuration, show it or its mistakes, and end\n"
    "  --log LEVEL          error, warn, info or debug; info unless told\n"
    "  --snapshot FILE      keep what the phone knows over a crash or a restart, and go on from it\n"
    "  --instance NAME      the stable name of this device, 8 letters or digits; unless told made from its hardware address\n"
    "  --wait SECONDS       end with 3 unless every line is in service by then\n"
    "  --help, --version\n"
    "\n"
    "SIGTERM, SIGINT   remove the bindings and end with 0; a second one ends at once with 130\n"
    "SIGUSR1           end at once with 0 and leave the bindings: for a restart with --snapshot\n"
    "SIGHUP            look the servers up again, connect anew, and register again\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options or configuration, 3 not in service in time, 70 the core trapped,\n"
    "130 ended at once.\n";

static void wrong(const char *what, const char *word) {
  fprintf(stderr, "%s %s; standfast-posix --help lists the options\n", what, word);
  exit(END_USAGE);
}

static void end_with(const char *text) {
  fputs(text, stdout);
  exit(END_DONE);
}

static void take_config(struct options *options, const char *value) { options->config = value; }
static void take_snapshot(struct options *options, const char *value) { options->snapshot = value; }

static void take_log(struct options *options, const char *value) {
  (void)options;
  if (!log_set_level(value)) wrong("--log is error, warn, info or debug, and not", value);
}

static void take_instance(struct options *options, const char *value) {
  size_t length = 0;
  while (text_is_letter_or_digit(value[length])) length++;
  if (length != 8 || value[length] != 0) wrong("--instance is 8 letters or digits, and not", value);
  options->instance = value;
}

static void take_wait(struct options *options, const char *value) {
  uint32_t seconds;
  if (!text_number(value, 86400, &seconds) || seconds == 0) wrong("--wait is 1..86400 seconds, and not", value);
  options->wait_ms = seconds * 1000;
}

static const struct {
  const char *name;
  void (*take)(struct options *options, const char *value);
} OPTIONS[] = {
    {"--config", take_config},     {"-c", take_config},     {"--log", take_log},
    {"--snapshot", take_snapshot}, {"--wait", take_wait}, {"--instance", take_instance},
};

/* @returns 0: no option with a value has that name */
static int take(struct options *options, const char *name, const char *value) {
  for (size_t i = 0; i < COUNT(OPTIONS); i++) {
    if (strcmp(OPTIONS[i].name, name) != 0) continue;
    if (value == NULL) wrong("no value behind", name);
    OPTIONS[i].take(options, value);
    return 1;
  }
  return 0;
}

void options_read(int count, char **words, struct options *options) {
  memset(options, 0, sizeof *options);
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--help") == 0) end_with(HELP);
    if (strcmp(words[i], "--version") == 0) end_with("standfast-posix " STANDFAST_VERSION "\n");
    if (strcmp(words[i], "--check") == 0) options->is_check = 1;
    else if (take(options, words[i], i + 1 < count ? words[i + 1] : NULL)) i++;
    else wrong("unknown option", words[i]);
  }
  if (options->config == NULL) wrong("no phone to run: give", "--config FILE");
}
