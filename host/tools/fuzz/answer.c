/* Answers of a server, put together from menus: a status, the headers that match, and up to seven others.
 *
 * In the menus \1 to \21 are the parts of text.h; \21 (NUMBER) takes its index from the input. */

#include "answer.h"

#include <string.h>

#include "deliver.h"
#include "phone.h"
#include "text.h"

#define SIZE(menu) (sizeof(menu) / sizeof *(menu))

static const char *const STATUSES[] = {"200 OK",  "200 OK",  "200 OK", "401 U", "407 P", "401 U", "423 I", "503 S",
                                       "302 M",   "301 M",   "305 M",  "403 F", "404 N", "408 T", "430 F", "439 O",
                                       "480 T",   "486 B",   "500 S",  "501 N", "502 B", "504 T", "513 M", "600 B",
                                       "603 D",   "100 T",   "180 R",  "202 A", "299 X", "400 B", "699 X", "700 X"};

#define REST "From: \3\r\nTo: \4\r\nCall-ID: \5\r\nCSeq: \6\r\n"
static const char *const MATCHES[] = {
    "\1",
    "\1",
    "\1",
    "v: SIP/2.0/UDP a;received=198.51.100.9;rport=40000;branch=\10\r\nf: \3\r\nt: \4;tag=a\r\ni: \5\r\nCSeq: \6\r\n",
    "Via: SIP/2.0/UDP [::1]:5060;received=2001:db8::77;rport=\21;branch=\10\r\n" REST,
    "Via: SIP/2.0/TCP 192.0.2.77:\21;rport=\21;branch=\10\r\n" REST,
    "\16\1", /* of the request before */
    "Via: \2, SIP/2.0/UDP other\r\n" REST,
    "Via: SIP/2.0/UDP a;branch=z9hG4bK0\r\n" REST,
    "Via: \2\r\nFrom: <sip:a@b>;tag=0\r\nTo: \4\r\nCall-ID: \5\r\nCSeq: \6\r\n",
    "Via: \2\r\nFrom: \3\r\nTo: \4\r\nCall-ID: \5\r\nCSeq: \21 REGISTER\r\n",
    "Via: \2\r\nFrom: \3\r\nTo: \4\r\nCall-ID: \5\r\nCSeq: \21 OPTIONS\r\n",
    "Via: \2\r\nFrom: \3\r\nTo: \4\r\nCall-ID: other\r\nCSeq: \6\r\n"};

static const char *const HEADERS[] = {
    "Contact: \7;expires=\21\r\n",
    "Contact: \7\r\n",
    "Contact: <sip:other@192.0.2.200:5060>;expires=\21\r\n",
    "m: <sip:a@b>, \7;q=0.5;expires=\21 , <sip:c@d;x=\"y,z\">\r\n",
    "Contact: *\r\n",
    "Contact: <sip:pbx1.test:5060>;q=0.9, <sip:pbx2.test>;q=0.95\r\n",
    "Contact: <sip:6000@192.0.2.11:5060;transport=tcp>\r\n",
    "Contact: <sip:pbx1.test;maddr=192.0.2.12>;q=\21\r\n",
    "Contact: sips:pbx3.test\r\n",
    "Expires: \21\r\n",
    "Min-Expires: \21\r\n",
    "Retry-After: \21\r\n",
    "Retry-After: \21 (later);duration=\21\r\n",
    "Flow-Timer: \21\r\n",
    "Require: outbound\r\n",
    "Path: <sip:p1;lr>, <sip:p2;lr>\r\nPath:\r\n <sip:p3>\r\n",
    "Service-Route: <sip:s1;lr>\r\n",
    "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\"\r\n",
    "WWW-Authenticate: Digest realm=\"r\",nonce=\"n2\",qop=\"auth\",algorithm=SHA-256,opaque=\"o\"\r\n",
    "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",stale=true,qop=\"auth,auth-int\"\r\n",
    "WWW-Authenticate: Digest realm=\"a\\\"b\",nonce=\"n3\",algorithm=MD5-sess,qop=\"auth\"\r\n",
    "WWW-Authenticate: Digest algorithm=SHA-256-sess, qop=auth, nonce=n4, realm=r4\r\n",
    "WWW-Authenticate: Digest realm=\"r\",nonce=\"\20n\60\"\r\n", /* 192 */
    "WWW-Authenticate: Digest realm=\"\20r\20\",nonce=\"\20n\61\",opaque=\"\20o\30\"\r\n",
    "WWW-Authenticate: Basic realm=\"r\"\r\n",
    "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",algorithm=SHA-512-256\r\n",
    "Proxy-Authenticate: Digest realm=\"p\",nonce=\"m\",qop=\"auth\"\r\n",
    "Proxy-Authenticate: Digest realm=\"p\",nonce=\"m2\",stale=true,algorithm=SHA-256\r\n",
    "Authentication-Info: qop=auth, nextnonce=\"n5\"\r\n",
    "Authentication-Info: nextnonce=\"\20n\61\"\r\n",
    "Content-Length: \21\r\n",
    "X: \20x\377\r\n"};

static void append(char *message, const char *template, struct bytes *input) {
  size_t length = strlen(message);
  for (const char *c = template; *c != 0 && length + 2 < MESSAGE_MAX; c++) {
    message[length++] = *c;
    /* A zero would end the text; the number at 255 is another one. */
    if (*c == NUMBER) message[length++] = (char)(take(input) % 255 + 1);
  }
  message[length] = 0;
}

static uint32_t source_of(uint8_t how, uint8_t server) {
  switch (how % 8) {
    case 5: return STANDFAST_SERVER_LISTED;
    case 6: return STANDFAST_SERVER_NONE;
    case 7: return (server + 1u) % phone.servers;
    default: return server;
  }
}

void answer(struct bytes *input) {
  char message[MESSAGE_MAX] = "SIP/2.0 ";
  const uint8_t which = take(input);
  append(message, STATUSES[take(input) % SIZE(STATUSES)], input);
  append(message, "\r\n", input);
  for (unsigned back = which % SENT; back > 0; back--) append(message, "\16", input);
  append(message, MATCHES[take(input) % SIZE(MATCHES)], input);
  for (unsigned count = take(input) % 8; count > 0; count--) append(message, HEADERS[take(input) % SIZE(HEADERS)], input);
  append(message, "\r\n", input);
  const uint32_t source = source_of(which / SENT, phone_sent(which)->server);
  deliver_text(source, message);
}
