// Every parameter of the product, once.
//
// `npm run generate` writes the core's constants, the C header and docs/parameters.md from it; the readers of
// host/config and the linter of host/lint look here too. A row whose feature is not built yet is not here: it
// stands in outside.ts. Ids are forever. Rows 0..63 are the core's and dense; the others start at 64.

import type { Row } from "./row.ts";

// biome-ignore format: one row, one block of lines
const ROWS = [
  // What the phone's page shows, and the three timers its makers hide.
  { id: 0, name: "registerRefreshInterval", kind: "number", unit: "s", default: 1800, min: 10, max: 604_800,
    scope: "core", shown: "visible", labels: ["Register Refresh Interval (sec)", "注册刷新时间(秒)"],
    aliases: [["account.X.sip_server.1.expires"], ["P32", 60]], source: "RFC 3261 §10.2.1.1",
    help: "Lifetime asked for a binding; it is renewed at refreshPercent of what was granted." },
  { id: 1, name: "registerTimeout", kind: "number", unit: "ms", default: 2000, min: 500, max: 32_000, zero: "64 times t1",
    scope: "core", shown: "hidden", key: "DBID_SIP_REGISTER_TIMEOUT_TIMER", source: "RFC 3261 §17.1.2.2, timer F",
    help: "How long one REGISTER may stay unanswered before its server counts as failed." },
  { id: 2, name: "optionsTimeout", kind: "number", unit: "ms", default: 2000, min: 500, max: 32_000, zero: "64 times t1",
    scope: "core", shown: "hidden", key: "DBID_SIP_OPTIONS_TIMEOUT_TIMER", source: "RFC 3261 §17.1.2.2, timer F",
    help: "How long one heartbeat may stay unanswered before it counts as missed." },
  { id: 3, name: "primaryDetectInterval", kind: "number", unit: "s", default: 0, min: 5, max: 86_400, zero: "no heartbeats",
    scope: "core", shown: "visible", labels: ["Primary Server Detect Interval", "主备服务器心跳周期"], source: "RFC 3261 §11",
    help: "Heartbeat (OPTIONS) to the serving server, to those above it and to those that are down." },
  { id: 4, name: "maxDetectFailCount", kind: "number", unit: "", default: 3, min: 0, max: 100, zero: "the first miss is enough",
    scope: "core", shown: "visible", labels: ["Max Detect Fail Count", "最大检测失败计数"], source: "phone manual §3.1",
    help: "Missed heartbeats in a row that are forgiven; one more and the server is down." },
  { id: 5, name: "preferPrimary", kind: "switch", default: false,
    scope: "core", shown: "visible", labels: ["Prefer Primary SIP Server", "优选主服务器"], source: "phone manual §3.1",
    help: "On: back as soon as a better server answers again. Off: after backToPrimaryDelay." },
  { id: 6, name: "backToPrimaryDelay", kind: "number", unit: "s", default: 43_200, min: 0, max: 2_000_000, zero: "back at once",
    scope: "core", shown: "hidden", key: "DBID_SIP_BACK_TO_PRISERVER_DELAY_TIME", source: "phone manual §3.2",
    help: "How long a server that recovered must stay well before lines return to it; preferPrimary makes it 0." },
  { id: 7, name: "sipOptions", kind: "switch", default: false,
    scope: "core", shown: "visible", labels: ["Enable SIP OPTIONS", "SIP OPTIONS使能"], aliases: [["P2397"]], source: "RFC 3261 §11",
    help: "Keepalive (OPTIONS) to the serving server at an interval of its own." },
  { id: 8, name: "sipOptionsInterval", kind: "number", unit: "s", default: 14, min: 1, max: 3600,
    scope: "core", shown: "visible", labels: ["SIP OPTIONS Interval (sec)"], aliases: [["P2398"]], source: "phone manual §3.1",
    help: "Interval of that keepalive. Where a heartbeat applies too, the shorter of both serves for both." },
  // Ours: detection.
  { id: 9, name: "backupDetectInterval", kind: "number", unit: "s", default: 0, min: 5, max: 86_400, zero: "not watched",
    scope: "core", shown: "hidden", source: "RFC 3261 §11",
    help: "Heartbeat to a healthy backup that nobody uses; needs primaryDetectInterval." },
  { id: 10, name: "detectRetryInterval", kind: "number", unit: "s", default: 0, min: 0, max: 3600, zero: "at the next heartbeat",
    scope: "core", shown: "hidden", source: "DESIGN.md, health of a server",
    help: "A server that missed a heartbeat is asked again this long after the miss." },
  { id: 11, name: "detectAnswer", kind: "choice", default: "any", choices: { any: 0, "2xx": 1 },
    scope: "core", shown: "hidden", source: "RFC 3261 §11.2",
    help: "Which final answers to a heartbeat say that the server is well." },
  { id: 12, name: "detectPhase", kind: "choice", default: "random", choices: { random: 0, fixed: 1 },
    scope: "core", shown: "hidden", source: "DESIGN.md, health of a server",
    help: "First heartbeat at a random point of the interval, so that phones do not ask in step, or after one whole interval." },
  { id: 13, name: "recoverCount", kind: "number", unit: "", default: 1, min: 1, max: 100,
    scope: "core", shown: "hidden", source: "DESIGN.md, health of a server",
    help: "Good heartbeats in a row that a server which was down must give." },
  { id: 14, name: "startupCheck", kind: "switch", default: false,
    scope: "core", shown: "hidden", source: "RFC 3261 §11",
    help: "One heartbeat to each backup at start, so that a dead standby is told while it is not needed." },
  // Registering.
  { id: 15, name: "removeLastRegistration", kind: "switch", default: true,
    scope: "core", shown: "visible", labels: ["Remove Last Registration", "移除上次注册消息使能"], source: "RFC 3261 §10.2.2",
    help: "After a move back the own binding at the server left is removed; never any other." },
  { id: 16, name: "initialAuth", kind: "switch", default: false,
    scope: "core", shown: "visible", labels: ["Initial Registration With Authentication", "初始注册携带认证信息"],
    aliases: [["P2359"]], source: "RFC 3261 §22.3",
    help: "The first REGISTER carries credentials already when a nonce of that server is held." },
  { id: 17, name: "fullRegistration", kind: "switch", default: false,
    scope: "core", shown: "visible", labels: ["Full Registration", "完整注册"], source: "phone manual §2",
    help: "Every refresh starts without credentials, as the first REGISTER does." },
  { id: 18, name: "startSpread", kind: "number", unit: "s", default: 0, min: 0, max: 3600, zero: "at once",
    scope: "core", shown: "hidden", aliases: [["sip.reg_surge_prevention"]], source: "RFC 5390 §4",
    help: "The first REGISTER goes out at a random point of this span: power comes back for a whole house." },
  { id: 19, name: "failoverSpread", kind: "number", unit: "s", default: 0, min: 0, max: 3600, zero: "at once",
    scope: "core", shown: "hidden", source: "RFC 5390 §4",
    help: "A failover waits a random part of this span, so that phones do not reach the backup in one millisecond." },
  { id: 20, name: "retryAfterMin", kind: "number", unit: "s", default: 5, min: 1, max: 600,
    scope: "core", shown: "hidden", source: "RFC 3261 §20.33",
    help: "A shorter Retry-After is taken as this." },
  { id: 21, name: "retryAfterMax", kind: "number", unit: "s", default: 600, min: 1, max: 86_400,
    scope: "core", shown: "hidden", source: "RFC 3261 §20.33",
    help: "A longer Retry-After is taken as this." },
  { id: 22, name: "lineCool", kind: "number", unit: "s", default: 300, min: 1, max: 86_400,
    scope: "core", shown: "hidden", source: "RFC 3263 §4.3",
    help: "How long a line stays away from a server that would not serve it." },
  { id: 23, name: "rejectRetry", kind: "number", unit: "s", default: 1200, min: 30, max: 86_400,
    scope: "core", shown: "hidden", aliases: [["P26002"]], source: "RFC 3261 §21.4.4",
    help: "How long a line rests after its account was rejected, times 1 to 1.1 at random." },
  { id: 24, name: "registerSpacing", kind: "number", unit: "ms", default: 1000, min: 200, max: 60_000,
    scope: "core", shown: "hidden", source: "DESIGN.md, limits",
    help: "Least time from start to start of two attempts of a line at one server, whatever comes in." },
  { id: 25, name: "refreshPercent", kind: "number", unit: "%", default: 50, min: 10, max: 90,
    scope: "core", shown: "hidden", source: "RFC 3261 §10.2.4",
    help: "Part of the granted time after which a binding is renewed." },
  { id: 26, name: "redirect", kind: "choice", default: "set", choices: { never: 0, set: 1 },
    scope: "core", shown: "hidden", source: "RFC 3261 §8.1.3.4",
    help: "Whether a 3xx to a REGISTER is followed: to servers of the set only, or never." },
  { id: 27, name: "failoverOnReject", kind: "switch", default: false,
    scope: "core", shown: "hidden", source: "RFC 3261 §21.4.4",
    help: "On: an account that the primary rejects tries the backup. Off: it rests there." },
  { id: 28, name: "failbackInCall", kind: "switch", default: false,
    scope: "core", shown: "hidden", source: "DESIGN.md, which server a line uses",
    help: "On: a line returns to a better server during a call too." },
  // Flapping.
  { id: 29, name: "flapDamping", kind: "switch", default: true,
    scope: "core", shown: "hidden", source: "RFC 2439 §4.2",
    help: "Moves back to a server that keeps failing are suspended for a while." },
  { id: 30, name: "flapWindow", kind: "number", unit: "s", default: 600, min: 0, max: 86_400, zero: "only failed returns are charged",
    scope: "core", shown: "hidden", source: "RFC 2439 §4.2",
    help: "A failure this soon after a move back is charged." },
  { id: 31, name: "flapPenalty", kind: "number", unit: "", default: 1000, min: 1, max: 100_000,
    scope: "core", shown: "hidden", source: "RFC 2439 §4.4.2",
    help: "Charge for one such failure." },
  { id: 32, name: "flapSuppress", kind: "number", unit: "", default: 2500, min: 1, max: 1_000_000,
    scope: "core", shown: "hidden", source: "RFC 2439 §4.2",
    help: "Above it moves back to that server are suspended." },
  { id: 33, name: "flapReuse", kind: "number", unit: "", default: 750, min: 1, max: 1_000_000,
    scope: "core", shown: "hidden", source: "RFC 2439 §4.2",
    help: "Below it they are allowed again." },
  { id: 34, name: "flapHalfLife", kind: "number", unit: "s", default: 300, min: 10, max: 86_400,
    scope: "core", shown: "hidden", source: "RFC 2439 §4.2",
    help: "Time in which the charges halve." },
  { id: 35, name: "flapMaxSuppress", kind: "number", unit: "s", default: 1200, min: 10, max: 86_400,
    scope: "core", shown: "hidden", source: "RFC 2439 §4.2",
    help: "The longest that moves back stay suspended." },
  // Nobody answers.
  { id: 36, name: "retryBase", kind: "number", unit: "s", default: 30, min: 1, max: 3600,
    scope: "core", shown: "hidden", aliases: [["account.X.reg_failed_retry_min_time"]], source: "RFC 5626 §4.5",
    help: "Base of the waits between rounds that no server answered; doubled with each round." },
  { id: 37, name: "retryMax", kind: "number", unit: "s", default: 1800, min: 1, max: 86_400,
    scope: "core", shown: "hidden", aliases: [["account.X.reg_failed_retry_max_time"]], source: "RFC 5626 §4.5",
    help: "The longest of these waits." },
  { id: 38, name: "natSettle", kind: "number", unit: "s", default: 30, min: 1, max: 3600,
    scope: "core", shown: "hidden", source: "RFC 3581 §4",
    help: "A changed public address is registered at most once in this time." },
  // On the wire.
  { id: 39, name: "t1", kind: "number", unit: "ms", default: 500, min: 100, max: 5000,
    scope: "core", shown: "hidden", aliases: [["account.X.sip.timer_t1", 1000], ["sip.timer_t1", 1000]], source: "RFC 3261 §17.1.1.1",
    help: "First guess of the round trip; every repeat doubles from it." },
  { id: 40, name: "t2", kind: "number", unit: "ms", default: 4000, min: 500, max: 32_000,
    scope: "core", shown: "hidden", aliases: [["account.X.sip.timer_t2", 1000], ["sip.timer_t2", 1000]], source: "RFC 3261 §17.1.2.2",
    help: "The longest time between two repeats." },
  { id: 41, name: "acceptOnlyFromServer", kind: "switch", default: false,
    scope: "core", shown: "visible", labels: ["Accept Only Requests From Server", "仅接受来自服务器的请求"], source: "RFC 3261 §26.3.2",
    help: "Datagrams are taken from the addresses of the set and of acceptList only." },
  { id: 42, name: "requestUserCheck", kind: "switch", default: true,
    scope: "core", shown: "visible", labels: ["Request User Check", "请求用户检查"], source: "RFC 3261 §8.2.2.1",
    help: "A request that the core answers itself gets 404 when its user is none of ours." },
  { id: 43, name: "answerOptions", kind: "switch", default: false,
    scope: "core", shown: "hidden", source: "RFC 3261 §11.2",
    help: "The core answers OPTIONS from the set itself, instead of leaving it to the phone's own SIP stack." },
  { id: 44, name: "rport", kind: "switch", default: true,
    scope: "core", shown: "visible", labels: ["RPort"], aliases: [["account.X.nat.rport"]], source: "RFC 3581 §3",
    help: "Asks servers to answer to the port a request came from, so that answers pass a NAT." },
  { id: 45, name: "natKeepalive", kind: "number", unit: "s", default: 15, min: 10, max: 60, zero: "none is sent",
    scope: "core", shown: "visible", labels: ["NAT Keepalive Interval (10-60s)", "NAT保活间隔(10-60秒)"],
    aliases: [["natKeepaliveInterval"], ["account.X.nat.udp_update_time"]], source: "RFC 5626 §3.5",
    help: "CRLFCRLF to the server in use when nothing was sent for this long, so that a NAT keeps our mapping." },
  { id: 46, name: "outbound", kind: "switch", default: false,
    scope: "core", shown: "hidden", aliases: [["P60081"]], source: "RFC 5626 §4",
    help: "Registers the flow itself, for a server to find us over it: +sip.instance and reg-id in Contact." },

  // The program around the core: servers of the set.
  { id: 64, name: "proxyServer", kind: "text", default: "", empty: "each server's own host is the domain", form: "host", bytes: 63,
    scope: "host", shown: "visible", labels: ["Proxy Server"], key: "DBID_ALTER_SIP_SERVER_HOSTNAME",
    aliases: [["account.X.sip_server.1.address"], ["P47"]], source: "phone manual §3",
    help: "Domain of the addresses of record; also the primary when outboundServer is empty." },
  { id: 65, name: "proxyPort", kind: "number", unit: "", default: 5060, min: 1, max: 65_535,
    scope: "host", shown: "visible", labels: ["Proxy Port"], key: "DBID_ALTER_SIP_SERVER_PORT",
    aliases: [["account.X.sip_server.1.port"]], source: "RFC 3261 §19.1.2",
    help: "Port of proxyServer when it is the primary." },
  { id: 66, name: "outboundServer", kind: "text", default: "", empty: "proxyServer is the primary", form: "host", bytes: 63,
    scope: "host", shown: "visible", labels: ["Outbound Server"],
    aliases: [["account.X.outbound_proxy.1.address"], ["P48"]], source: "phone manual §3",
    help: "The primary server: a name or an address." },
  { id: 67, name: "outboundPort", kind: "number", unit: "", default: 5060, min: 1, max: 65_535,
    scope: "host", shown: "visible", labels: ["Outbound Port"],
    aliases: [["account.X.outbound_proxy.1.port"]], source: "RFC 3261 §19.1.2",
    help: "Port of outboundServer." },
  { id: 68, name: "backupOutboundServer", kind: "text", default: "", empty: "no failover: no packet ever leaves to a second host", form: "host", bytes: 63,
    scope: "host", shown: "visible", labels: ["Backup Outbound Server"],
    aliases: [["account.X.outbound_proxy.2.address"], ["P2333"]], source: "phone manual §3",
    help: "The backup server: a name or an address." },
  { id: 69, name: "backupOutboundPort", kind: "number", unit: "", default: 5060, min: 1, max: 65_535,
    scope: "host", shown: "visible", labels: ["Backup Outbound Port"],
    aliases: [["account.X.outbound_proxy.2.port"]], source: "RFC 3261 §19.1.2",
    help: "Port of backupOutboundServer." },
  { id: 83, name: "backupProxyServer", kind: "text", default: "", empty: "proxyServer is the domain at the backup too", form: "host", bytes: 63,
    scope: "host", shown: "hidden", aliases: [["account.X.sip_server.2.address"], ["P967"]], source: "RFC 3261 §10.2",
    help: "Domain at the backup where it has its own; also the backup when backupOutboundServer is empty." },
  { id: 84, name: "backupProxyPort", kind: "number", unit: "", default: 5060, min: 1, max: 65_535,
    scope: "host", shown: "hidden", aliases: [["account.X.sip_server.2.port"]], source: "RFC 3261 §19.1.2",
    help: "Port of backupProxyServer when it is the backup." },
  // Our own side.
  { id: 70, name: "localPort", kind: "number", unit: "", default: 5060, min: 1, max: 65_535,
    scope: "host", shown: "visible", labels: ["Local SIP Port", "本地SIP端口"], aliases: [["account.X.sip_listen_port"], ["P40"]], source: "RFC 3261 §18.1.1",
    help: "Port the phone sends from and listens on while randomPort is off." },
  { id: 71, name: "randomPort", kind: "switch", default: true,
    scope: "host", shown: "visible", labels: ["Use Random SIP Port", "使用随机SIP端口"], aliases: [["P20501"]], source: "RFC 6056 §3",
    help: "The port is drawn at boot, or when a bind fails; never while in service." },
  { id: 72, name: "randomPortMin", kind: "number", unit: "", default: 50_000, min: 1024, max: 65_535,
    scope: "host", shown: "visible", labels: ["Min Random SIP Port", "最小随机SIP端口"], source: "RFC 6056 §3.2",
    help: "Lowest random port." },
  { id: 73, name: "randomPortMax", kind: "number", unit: "", default: 60_000, min: 1024, max: 65_535,
    scope: "host", shown: "visible", labels: ["Max Random SIP Port", "最大随机SIP端口"], source: "RFC 6056 §3.2",
    help: "Highest random port." },
  { id: 74, name: "acceptList", kind: "text", default: "", empty: "the resolved addresses of the set and nothing else",
    scope: "host", shown: "visible", labels: ["Server Address", "服务器地址"], source: "phone manual §2",
    help: "Addresses, separated by commas, that acceptOnlyFromServer lets in beside the set." },
  { id: 95, name: "outboundProxyInDialog", kind: "switch", default: false,
    scope: "host", shown: "visible", labels: ["Use Outbound Proxy In Dialog", "在会话中使用OB代理"],
    aliases: [["useOutboundProxyInDialog"], ["sip.use_out_bound_in_dialog"]], source: "RFC 3261 §12.2.1.1",
    help: "Tells the phone's own SIP stack to send requests inside a call through the call's server, not by its route set." },
  // How names are found.
  { id: 88, name: "proxyDnsType", kind: "choice", default: "a", choices: { a: 0, srv: 1, naptr: 2 },
    scope: "host", shown: "visible", labels: ["Proxy DNS Type", "Proxy DNS 类型"], aliases: [["P103"]], source: "RFC 3263 §4",
    help: "What a server's name is asked for first: addresses (A, and AAAA beside it), SRV, or NAPTR. A configured port leaves addresses only." },
  { id: 89, name: "nameServers", kind: "text", default: "", empty: "those of the system",
    scope: "host", shown: "hidden", source: "RFC 1035 §7.2",
    help: "Addresses of name servers, each with a :PORT or without, separated by commas; then the system's are not asked." },
  { id: 90, name: "dhcpOption120", kind: "switch", default: false,
    scope: "host", shown: "visible", labels: ["Allow DHCP Option 120 to Override SIP Server"], aliases: [["P1411"]], source: "RFC 3361 §3",
    help: "On: the servers that DHCP names replace the set, in their order. Without a word of DHCP the set stays." },
  // Watching one's own registration.
  { id: 100, name: "registerSubscription", kind: "switch", default: false,
    scope: "host", shown: "visible", labels: ["Register Subscription", "注册订阅使能"], aliases: [["account.X.subscribe_register"]], source: "RFC 3680 §4",
    help: "Each line subscribes to its own registration at the server that serves it, and registers again when its binding is taken away." },
  { id: 101, name: "registerSubscriptionExpiry", kind: "number", unit: "s", default: 0, min: 60, max: 86_400, zero: "none is asked for; RFC 3680 has 3761 s",
    scope: "host", shown: "visible", labels: ["Register Subscription Expiry (sec)", "注册订阅时间(秒)"], source: "RFC 6665 §4.1.2.1",
    help: "Lifetime asked for that subscription; it is renewed 64 times t1, twice, before what was granted ends." },
  { id: 85, name: "tlsCaFile", kind: "text", default: "", empty: "the authorities that Node brings", bytes: 1023,
    scope: "host", shown: "hidden", source: "RFC 3261 §26.3.1",
    help: "File with the certificates (PEM) of the authorities that may sign those of the servers; they are trusted instead of all others." },
  // Of one server.
  { id: 75, name: "host", kind: "text", default: "", empty: "refused", form: "host", bytes: 63,
    scope: "server", shown: "visible", source: "RFC 3261 §19.1.1",
    help: "Name or address of the server." },
  { id: 76, name: "port", kind: "number", unit: "", default: 5060, min: 1, max: 65_535,
    scope: "server", shown: "visible", source: "RFC 3261 §19.1.2",
    help: "Port of the server; over TLS 5061 when none is given." },
  { id: 77, name: "transport", kind: "choice", default: "udp", choices: { udp: 0, tcp: 1, tls: 2 },
    scope: "server", shown: "visible", labels: ["Transport"], aliases: [["account.X.sip_server.1.transport_type"], ["P130"]], source: "RFC 3261 §18",
    help: "How requests travel to the server. Over TLS its certificate must be for the host as configured, and there is no way back to plain text." },
  { id: 78, name: "domain", kind: "text", default: "", empty: "proxyServer, or the server's own host", form: "host", bytes: 63,
    scope: "server", shown: "visible", source: "RFC 3261 §10.2",
    help: "Domain of the addresses of record at this server." },
  // Of one line.
  { id: 79, name: "phoneNumber", kind: "text", default: "", empty: "refused", form: "user", bytes: 47,
    scope: "line", shown: "visible", labels: ["Phone Number"], key: "DBID_SIP_PHONE_NUM",
    aliases: [["account.X.user_name"], ["P35"]], source: "RFC 3261 §10.2",
    help: "User of To, From and Contact; the name of the line everywhere." },
  { id: 80, name: "displayName", kind: "text", default: "", empty: "no display name", bytes: 47,
    scope: "line", shown: "visible", labels: ["Display Name"], key: "DBID_SIP_DIS_NAME",
    aliases: [["account.X.display_name"], ["P3"]], source: "RFC 3261 §20.10",
    help: "Shown to others beside the number." },
  { id: 81, name: "account", kind: "text", default: "", empty: "phoneNumber", bytes: 49,
    scope: "line", shown: "visible", labels: ["Account"], key: "DBID_SIP_ACCOUNT",
    aliases: [["account.X.auth_name"], ["P36"]], source: "RFC 7616 §3.4",
    help: "Digest user name; may differ per server." },
  { id: 82, name: "password", kind: "text", default: "", empty: "refused", bytes: 49, secret: true,
    scope: "line", shown: "visible", labels: ["Password"], key: "DBID_SIP_PASSWORD",
    aliases: [["account.X.password"], ["P34"]], source: "RFC 7616 §3.4",
    help: "Digest password; may differ per server." },
] as const satisfies readonly Row[];

type Rows = (typeof ROWS)[number];
type Named<Name extends string> = Extract<Rows, { name: Name }>;

/** Names of the parameters that the core acts on. */
export type CoreName = Extract<Rows, { scope: "core" }>["name"];

/** What one parameter of the core may hold: a number, a switch, or one of its words. */
export type CoreValue<Name extends CoreName> =
  Named<Name> extends { kind: "number" }
    ? number
    : Named<Name> extends { kind: "switch" }
      ? boolean
      : Named<Name> extends { choices: infer Choices }
        ? keyof Choices
        : never;

/** The parameters of the core, each with its value. */
export type Settings = { readonly [Name in CoreName]: CoreValue<Name> };

/** The one table. */
export const PARAMS: readonly Row[] = ROWS;

/** The rows that the core acts on, in the order of their ids. */
export const CORE: readonly Row[] = PARAMS.filter((row) => row.scope === "core");

/** The row of that name; undefined when there is none. */
export function paramNamed(name: string): Row | undefined {
  return PARAMS.find((row) => row.name === name);
}

/** The row of a name that is known to be one. */
export function paramOf(name: string): Row {
  const row = paramNamed(name);
  if (row === undefined) throw new TypeError(`no parameter ${name}`);
  return row;
}

/** Every parameter of the core at its default. */
export function defaultSettings(): Settings {
  return Object.fromEntries(CORE.map((row) => [row.name, row.default])) as unknown as Settings;
}
