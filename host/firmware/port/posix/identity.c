/* Random bytes come from /dev/urandom; the name from the hardware addresses where the system shows them as files, as Linux
 * does, and else from the host's name. */

#define _POSIX_C_SOURCE 200809L

#include "identity.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kept.h"

#define DEVICES "/sys/class/net"
#define NAME_MAX_BYTES 256

int identity_seed(void *bytes, uint32_t length) {
  FILE *file = fopen("/dev/urandom", "rb");
  if (file == NULL) return 0;
  const int isRead = fread(bytes, length, 1, file) == 1;
  fclose(file);
  return isRead;
}

/* @param address "00:11:22:33:44:55". @returns 0: it has none, or one that software gave (IEEE 802c), which changes */
static int read_address(const char *device, char *address) {
  char path[sizeof DEVICES + NAME_MAX_BYTES + sizeof "/address"];
  unsigned first;
  snprintf(path, sizeof path, DEVICES "/%.255s/address", device);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  const int isRead = fscanf(file, "%17s", address) == 1 && sscanf(address, "%2x:", &first) == 1;
  fclose(file);
  return isRead && (first & 2) == 0 && strcmp(address, "00:00:00:00:00:00") != 0;
}

/* The lowest address, so that the order of the devices does not matter. @returns 0: there is none */
static int read_hardware(char *lowest) {
  DIR *devices = opendir(DEVICES);
  char address[18];
  *lowest = 0;
  if (devices == NULL) return 0;
  for (struct dirent *device; (device = readdir(devices)) != NULL;)
    if (device->d_name[0] != '.' && read_address(device->d_name, address) && (*lowest == 0 || strcmp(address, lowest) < 0))
      strcpy(lowest, address);
  closedir(devices);
  return *lowest != 0;
}

void identity_name(uint32_t port, char *name) {
  char machine[NAME_MAX_BYTES] = "", whole[NAME_MAX_BYTES + 16];
  if (!read_hardware(machine)) gethostname(machine, sizeof machine - 1);
  snprintf(whole, sizeof whole, "%s:%u", machine, port);
  snprintf(name, KEPT_INSTANCE + 1, "%08x", kept_print(whole));
}
