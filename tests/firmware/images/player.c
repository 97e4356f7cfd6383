/* The player on a board: reads a script and writes what comes out, both files of the machine below QEMU.
 *
 * Its command line names them: SCRIPT OUTPUT. The last line of the log says how much stack was used. Exit code 0; 1: a record was
 * not understood; 2: a file cannot be read or written. */

#include "player.h"

#include <string.h>

#include "board/board.h"
#include "board/semihosting.h"

enum { BLOCK = 1024, CANNOT = 2 };

static struct {
  uint32_t file, used, length;
  char bytes[BLOCK];
} script, output;

int player_get(void) {
  if (script.used == script.length) {
    const uint32_t read[3] = {script.file, (uint32_t)script.bytes, BLOCK};
    script.length = BLOCK - ask(SYS_READ, read);
    script.used = 0;
  }
  return script.length == 0 ? -1 : (uint8_t)script.bytes[script.used++];
}

static void flush(void) {
  const uint32_t write[3] = {output.file, (uint32_t)output.bytes, output.length};
  if (ask(SYS_WRITE, write) != 0) board_exit(CANNOT);
  output.length = 0;
}

void player_put(const char *bytes, uint32_t length) {
  for (uint32_t at = 0; at < length; at++) {
    if (output.length == BLOCK) flush();
    output.bytes[output.length++] = bytes[at];
  }
}

static uint32_t open(const char *name, uint32_t mode) {
  const uint32_t words[3] = {(uint32_t)name, mode, (uint32_t)strlen(name)};
  const uint32_t file = ask(SYS_OPEN, words);
  if (file == FAILED) board_exit(CANNOT);
  return file;
}

int main(void) {
  static char names[256];
  if (!board_arguments(names, sizeof names)) board_exit(CANNOT);
  char *second = names;
  while (*second != ' ' && *second != 0) second++;
  if (*second == ' ') *second++ = 0;
  script.file = open(names, OPEN_TO_READ_BYTES);
  output.file = open(second, OPEN_TO_WRITE_BYTES);
  const uint32_t records = player_run();
  flush();
  ask(SYS_CLOSE, &output.file);
  board_log("stack ");
  board_log_number(board_stack_used());
  board_log("\n");
  return records > 0 ? 0 : 1;
}
