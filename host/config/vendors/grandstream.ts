// The numbered settings of Grandstream, for its first account.

import { atMost, number, oneMore, RETRIES, SWITCH, TEXT, words, zeroAs } from "./codec.ts";
import { type Dialect, ignored, param } from "./dialect.ts";

const PREFER = words(
  ["1", true],
  ["0", false, "0 stays at the backup; ours goes back after backToPrimaryDelay"],
  ["2", true, "2 goes back as soon as the primary answers; ours too, where heartbeats are on"],
);

export const GRANDSTREAM: Dialect = {
  name: "grandstream",
  looks: /^P\d+$/i,
  head: [],
  lines: 1,
  rows: [
    { key: "P271", kind: "enable", of: "line" },
    { key: "P47", kind: "server", field: "address", rank: 0, codec: TEXT },
    { key: "P967", kind: "server", field: "address", rank: 1, codec: TEXT },
    { key: "P48", kind: "server", field: "proxy", rank: 0, codec: TEXT },
    { key: "P2333", kind: "server", field: "proxy", rank: 1, codec: TEXT },
    {
      key: "P130",
      kind: "server",
      field: "transport",
      codec: words(["0", "udp"], ["1", "tcp"], ["2", "tls"]),
    },
    param("P35", "phoneNumber", TEXT),
    param("P36", "account", TEXT),
    param("P34", "password", TEXT),
    param("P3", "displayName", TEXT),
    ignored("P270", "belongs to the screen of the phone"),
    param("P32", "registerRefreshInterval", number(1, 64_800, 60)),
    ignored("P2330", "refreshPercent says when a lease is renewed"),
    param("P4567", "preferPrimary", PREFER),
    param("P28096", "preferPrimary", PREFER),
    param("P60056", "backToPrimaryDelay", number(0, 33_333, 60)),
    param("P60055", "registerTimeout", RETRIES),
    param(
      "P2397",
      "sipOptions",
      words(["1", true], ["0", false], ["2", true, "2 sends NOTIFY; ours sends OPTIONS"]),
    ),
    param("P2398", "sipOptionsInterval", number(1, 64_800)),
    param("P2399", "maxDetectFailCount", oneMore(1, 101)),
    param("P138", "retryBase", atMost(number(1, 3600), 1800, "retryBase is 1800, as long as retryMax")),
    param(
      "P26002",
      "rejectRetry",
      zeroAs(number(0, 86_400), "max", "0 never tries again; ours does after a day"),
    ),
    param(
      "P81",
      "removeLastRegistration",
      words(
        ["2", true],
        ["0", false],
        ["1", true, "1 removes the bindings of others too; ours removes its own"],
      ),
    ),
    param("P20501", "randomPort", SWITCH),
    param("P40", "localPort", number(1, 65_535)),
    param("P60081", "outbound", SWITCH),
    param("P2359", "initialAuth", SWITCH),
    param("P209", "t1", number(0.1, 5, 1000, 0.001)),
    param("P250", "t2", number(0.5, 32, 1000, 0.001)),
    param("P1411", "dhcpOption120", SWITCH),
    param(
      "P103",
      "proxyDnsType",
      words(
        ["0", "a"],
        ["1", "srv"],
        ["2", "naptr"],
        ["3", "a", "3 takes addresses that stand in the file; ours asks"],
      ),
    ),
    ignored("P60075", "P60055 says how long a request may take"),
    ignored("P26040", "ours goes through the addresses of a name in order"),
  ],
};
