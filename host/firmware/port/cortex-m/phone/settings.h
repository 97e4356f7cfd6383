/* The settings of a phone as words of its command line; a real phone reads them from its flash.
 *
 * In this order, each word at most once unless it says otherwise:
 *
 *   local=192.0.2.100:5060      our address and port
 *   netmask=255.255.255.0       left out: 24 bits
 *   gateway=192.0.2.1           left out: none
 *   instance=0badcafe           the stable name of this device
 *   domain=example.test         what follows the @ of every line
 *   server=192.0.2.10:5060      once for each server, the primary first
 *   user=6000 password=secret   once for each line
 *   30=600                      a parameter by its id, any number of them: docs/parameters.md
 *   moves=2                     ends after so many moves from server to server. Left out: never
 *   limit=60                    gives up after so many seconds. Left out: never
 */

#ifndef PHONE_SETTINGS_H
#define PHONE_SETTINGS_H

#include <stdint.h>

#include "net/net.h"
#include "standfast.h"

struct place {
  uint32_t address;
  uint16_t port;
};

struct settings {
  struct net_settings net;
  struct place servers[STANDFAST_SERVERS];
  uint32_t serverCount;
  uint32_t lineCount;
  uint32_t moves;
  uint32_t limitMs;
};

/* Reads the words and tells them to the core, which has its seed already. The text is cut up, and has to stay.
 * Returns 1; 0 after a line of log with the number of the word that it did not take: it may be a password. */
uint32_t settings_read(char *text, struct settings *settings);

#endif
