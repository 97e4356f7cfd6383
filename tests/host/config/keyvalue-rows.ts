// Texts in the phone's own form and what comes of them, for whoever reads it: the host, and the port for POSIX.

/** A line and a server, beside which one thing is wrong. */
export const REST = "outboundServer = a\nphoneNumber = 6000\npassword = p\n";

/** A file of the phone. */
export const CONFIG = `; optimal settings, as the phone exports them
# two kinds of comment
Display Name = "Reception"
Phone Number = 6000
Account = 6000
Password = 'a "quoted" # secret'
Proxy Server =
Proxy Port = 5060
Outbound Server = 192.0.2.10
Outbound Port = 5060
Backup Outbound Server = 192.0.2.11
Backup Outbound Port = 5070
Transport = UDP
本地SIP端口 = 5080
DTMF模式设置 = RFC2833
DTMF Mode = RFC2833
注册刷新时间(秒) = 120   # seconds
主备服务器心跳周期 = 90
最大检测失败计数 = 1
优选主服务器 = 开启
使用随机SIP端口 = 禁止
NAT保活间隔(10-60秒) = 15
服务器地址 = 192.0.2.8, 192.0.2.9
DBID_SIP_REGISTER_TIMEOUT_TIMER = 0
DBID_SIP_OPTIONS_TIMEOUT_TIMER = 2000
DBID_SIP_BACK_TO_PRISERVER_DELAY_TIME = 43200`;

/** What stands before REST, and the one mistake in it, in a file a.cfg. */
export const REFUSED: readonly (readonly [text: string, message: string])[] = [
  [
    "maxDetectFailCount = 200",
    "a.cfg:1: maxDetectFailCount = 200, allowed 0..100; choose a whole number in that range; 0 means: the first miss is enough",
  ],
  [
    "\n最大检测失败计数 = 200",
    "a.cfg:2: 最大检测失败计数 (maxDetectFailCount) = 200, allowed 0..100; choose a whole number in that range; 0 means: the first miss is enough",
  ],
  [
    "P32 = 10081",
    "a.cfg:1: P32 (registerRefreshInterval) = 10081 times 60, allowed 10..604800 s; choose a whole number in that range",
  ],
  ["P2397 = 2", "a.cfg:1: P2397 (sipOptions) = 2 is neither on nor off, allowed on or off; write on or off"],
  ["P130 = 3", "a.cfg:1: P130 (transport) = 3, allowed udp or tcp or tls; choose one of these words"],
  [
    "registerTimeout 2000",
    "a.cfg:1: the line is no key = value; write key = value, or begin a comment with #",
  ],
  ["= 2000", "a.cfg:1: the line is no key = value; write key = value, or begin a comment with #"],
  ["[sip]", "a.cfg:1: the line is no key = value; write key = value, or begin a comment with #"],
  [
    "registerTimeout = 2000x",
    "a.cfg:1: registerTimeout = 2000x is no number, allowed 0 or 500..32000 ms; write a whole number of ms",
  ],
  ["perferPrimary = on", "a.cfg:1: unknown key perferPrimary; did you mean preferPrimary?"],
  ["port = 5060", "a.cfg:1: unknown key port; did you mean rport?"],
  ["P9999 = 1", "a.cfg:1: unknown key P9999; see docs/parameters.md"],
  ["servers.standby.host = c", "a.cfg:1: unknown key servers.standby.host; see docs/parameters.md"],
  ["lines.phoneNumber = 6001", "a.cfg:1: unknown key lines.phoneNumber; did you mean lines.1.phoneNumber?"],
  ["servers.host = b", "a.cfg:1: unknown key servers.host; did you mean servers.primary.host?"],
  [
    "acceptList = 192.0.2.8 b:1",
    "a.cfg:1: acceptList holds b:1, which is no address; write addresses, separated by commas: a name could mean another machine tomorrow",
  ],
  ["lines.0.phoneNumber = 6001", "a.cfg:1: unknown key lines.0.phoneNumber; see docs/parameters.md"],
  [
    "registerTimeout = 2000\nDBID_SIP_REGISTER_TIMEOUT_TIMER = 2000",
    "a.cfg:2: DBID_SIP_REGISTER_TIMEOUT_TIMER is set twice, first as registerTimeout at a.cfg:1; keep one of the two",
  ],
  ["t1 = 500\nT1 = 500", "a.cfg:2: T1 is set twice, first as t1 at a.cfg:1; keep one of the two"],
  ["t1 = 500\nt1 = 600", "a.cfg:2: t1 is set twice, first at a.cfg:1; keep one of the two"],
  [
    "account.1.sip_server.1.expires = 60\naccount.2.sip_server.1.expires = 61",
    "a.cfg:2: account.2.sip_server.1.expires (registerRefreshInterval) differs from account.1.sip_server.1.expires at a.cfg:1; one set of servers and settings serves all lines: make them equal",
  ],
  ['displayName = "open', 'a.cfg:1: the value of displayName has no closing quote; end it with "'],
  ["displayName = 'open", "a.cfg:1: the value of displayName has no closing quote; end it with '"],
  [
    'displayName = "a" b',
    'a.cfg:1: the value of displayName goes on behind its closing quote; quote the whole value, and write a quote inside it as \\"',
  ],
  [
    'displayName = "a\\n"',
    "a.cfg:1: the value of displayName has a backslash that escapes nothing; write \\\\ for a backslash, or use single quotes",
  ],
  [
    "displayName = Front # desk",
    "a.cfg:1: the value of displayName may end before the # or ;, or not; put the value in double quotes",
  ],
  [
    "displayName = a\tb",
    "a.cfg:1: displayName = a\tb holds a control character; leave line ends, tabs and other control characters out",
  ],
  [
    "backupOutboundServer = A",
    "a.cfg:1: backup1 is the same server as primary; give it another host or port, or leave it out",
  ],
  [
    `displayName = ${"ü".repeat(24)}`,
    `a.cfg:1: displayName = ${"ü".repeat(24)} is 48 bytes long, allowed up to 47 bytes; shorten it`,
  ],
];

/** Servers: domain = proxy; proxy empty: the host addressed; outbound empty: the proxy is the primary. */
export const ADDRESSING: readonly (readonly [text: string, servers: readonly string[]])[] = [
  ["outboundServer = a", ["a:5060 a"]],
  ["proxyServer = p", ["p:5060 p"]],
  ["proxyServer = p\nproxyPort = 5070\noutboundPort = 5080", ["p:5070 p"]],
  ["proxyServer = p\noutboundServer = a\noutboundPort = 5080", ["a:5080 p"]],
  ["outboundServer = a\nbackupOutboundServer = b", ["a:5060 a", "b:5060 b"]],
  ["proxyServer = p\nbackupOutboundServer = b", ["p:5060 p", "b:5060 p"]],
  [
    "proxyServer = p\noutboundServer = a\nbackupOutboundServer = b\nbackupOutboundPort = 5090",
    ["a:5060 p", "b:5090 p"],
  ],
  ["proxyServer = p\nbackupProxyServer = q\nbackupProxyPort = 5070", ["p:5060 p", "q:5070 q"]],
  [
    "proxyServer = p\noutboundServer = a\nbackupProxyServer = q\nbackupOutboundServer = b",
    ["a:5060 p", "b:5060 q"],
  ],
  ["outboundServer = [2001:db8::1]", ["2001:db8::1:5060 2001:db8::1"]],
];

/** Two accounts of another maker, and a third that is empty. */
export const ACCOUNTS = `account.1.user_name = 6000
account.1.auth_name = auth0
account.1.password = p0
account.1.sip_server.1.address = example.com
account.1.outbound_proxy.1.address = 192.0.2.1
account.1.outbound_proxy.2.address = 192.0.2.2
account.1.outbound_proxy.2.port = 5070
account.1.sip_server.1.transport_type = 0
account.1.enable = 1
account.2.user_name = 6001
account.2.password = p1
account.2.display_name = Away
account.2.sip_server.1.address = example.com
account.3.user_name =
account.3.password =
`;
