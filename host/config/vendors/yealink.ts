// The names of Yealink, which other makers have taken over: account.X.sip_server.Y.*, account.X.outbound_proxy.Y.*.
//
// Ranges and defaults are those of its manuals. Where it has a word for something that ours does otherwise, the note
// says how.

import { FAILBACK_TIMEOUT, number, RETRIES, SWITCH, TEXT, words, zeroAs } from "./codec.ts";
import { type Dialect, fixed, ignored, type KeyRow, param } from "./dialect.ts";

const PORT = number(1, 65_535);
const TRANSPORT = words(
  ["0", "udp"],
  ["1", "tcp"],
  ["2", "tls"],
  ["3", "udp", "3 asks DNS which transport; proxyDnsType does that here"],
);
const FAILBACK_MODE = words(
  ["2", true],
  ["3", false],
  ["0", true, "0 tries the primary with each request; ours returns when it answers a heartbeat or a refresh"],
  ["1", true, "1 returns when the DNS record lapses; ours when the primary answers a heartbeat or a refresh"],
);
const BY_INTERVAL = "0 waits for reg_fail_retry_interval each time; ours backs off by its default";
const STACK = "belongs to the phone's own SIP stack";

/** What both lists of servers have. */
function server(prefix: string, address: "address" | "proxy", port: "port" | "proxyPort"): readonly KeyRow[] {
  const proxied = address === "proxy";
  return [
    { key: `${prefix}.address`, kind: "server", field: address, codec: TEXT },
    { key: `${prefix}.port`, kind: "server", field: port, codec: PORT },
    { ...param(`${prefix}.retry_counts`, "registerTimeout", RETRIES), proxied },
    { ...param(`${prefix}.failback_mode`, "preferPrimary", FAILBACK_MODE), proxied },
    { ...param(`${prefix}.failback_timeout`, "backToPrimaryDelay", FAILBACK_TIMEOUT), proxied },
    {
      ...fixed(
        `${prefix}.register_on_enable`,
        "1",
        "0",
        "ours always registers at a server before it uses it",
      ),
      proxied,
    },
    {
      ...fixed(
        `${prefix}.only_signal_with_registered`,
        "1",
        "0",
        "ours uses a server only while a lease runs there",
      ),
      proxied,
    },
    ignored(`${prefix}.failback_subscribe.enable`, STACK),
    ignored(`${prefix}.invite_retry_counts`, STACK),
  ];
}

export const YEALINK: Dialect = {
  name: "yealink",
  looks: /^(account\.\d+\.|(sip|static|network|features|local_time|linekey)\.)/i,
  head: ["#!version:1.0.0.1"],
  lines: Number.POSITIVE_INFINITY,
  rows: [
    { key: "account.X.enable", kind: "enable", of: "line" },
    param("account.X.user_name", "phoneNumber", TEXT),
    param("account.X.display_name", "displayName", TEXT),
    param("account.X.auth_name", "account", TEXT),
    param("account.X.password", "password", TEXT),
    ignored("account.X.label", "belongs to the screen of the phone"),
    ...server("account.X.sip_server.Y", "address", "port"),
    { key: "account.X.sip_server.Y.transport_type", kind: "server", field: "transport", codec: TRANSPORT },
    param("account.X.sip_server.Y.expires", "registerRefreshInterval", number(30, 2_147_483_647)),
    { key: "account.X.outbound_proxy_enable", kind: "enable", of: "proxy" },
    { key: "account.X.sip_server.Y.outbound_proxy_enable", kind: "enable", of: "proxy" },
    ...server("account.X.outbound_proxy.Y", "proxy", "proxyPort"),
    param("account.X.fallback.timeout", "primaryDetectInterval", number(10, 2_147_483_647)),
    fixed("account.X.fallback.redundancy_type", "1", "0", "ours registers at one server at a time"),
    param(
      "account.X.reg_failed_retry_min_time",
      "retryBase",
      zeroAs(number(0, 1800), "default", BY_INTERVAL),
    ),
    param("account.X.reg_failed_retry_max_time", "retryMax", zeroAs(number(0, 1800), "default", BY_INTERVAL)),
    ignored("account.X.reg_fail_retry_interval", "ours waits between retryBase and retryMax"),
    ignored("account.X.outbound_proxy_fallback_interval", "account.X.fallback.timeout says it"),
    ignored("account.X.register_expires_overlap", "refreshPercent says when a lease is renewed"),
    ignored("account.X.subscribe_expires_overlap", STACK),
    param("account.X.unregister_on_reboot", "removeLastRegistration", SWITCH),
    param("account.X.subscribe_register", "registerSubscription", SWITCH),
    param("account.X.nat.rport", "rport", SWITCH),
    {
      key: "account.X.nat.udp_update_enable",
      kind: "zero",
      param: "natKeepalive",
      others: { "2": "2 sends OPTIONS; ours sends CRLF", "3": "3 sends NOTIFY; ours sends CRLF" },
    },
    param("account.X.nat.udp_update_time", "natKeepalive", number(15, 2_147_483_647)),
    param("account.X.sip_listen_port", "localPort", PORT),
    param("sip.reg_surge_prevention", "startSpread", number(0, 60)),
    param("sip.timer_t1", "t1", number(0.1, 10, 1000, 0.001)),
    param("sip.timer_t2", "t2", number(0.5, 40, 1000, 0.001)),
    param("sip.trust_ctrl", "acceptOnlyFromServer", SWITCH),
    param("sip.use_out_bound_in_dialog", "outboundProxyInDialog", SWITCH),
  ],
};
