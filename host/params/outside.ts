// Settings of phones that are known and not parameters of this product: not yet, or not at all.
//
// A provisioning file is written for a whole phone. A key from these lists is named once as ignored, with the
// reason, and is never an error; a key in neither list nor table.ts is one.

/** A known setting that the product does not act on. */
export interface Outside {
  /** `later`: will be built. `ignored`: belongs to another part of a phone. */
  readonly kind: "later" | "ignored";
  readonly labels: readonly string[];
  readonly keys?: readonly string[];
  readonly why: string;
}

const CALLS = "belongs to calls, which the phone's own SIP stack makes";
const MEDIA = "belongs to the media of calls";
const DIALLING = "belongs to dialling";

// biome-ignore format: one setting, one line
export const OUTSIDE: readonly Outside[] = [

  { kind: "ignored", labels: ["DTMF Mode", "DTMF模式设置"], why: MEDIA },
  { kind: "ignored", labels: ["RFC2833 Payload Type (>=96)", "RFC2833载荷类型(>=96)"], why: MEDIA },
  { kind: "ignored", labels: ["Caller ID Header", "来电显示头域"], why: CALLS },
  { kind: "ignored", labels: ["Session Refresh Time (sec)", "会话刷新时间(秒)"], why: CALLS },
  { kind: "ignored", labels: ["Min Session Timer (sec)", "Min Session Timer(sec)"], why: CALLS },
  { kind: "ignored", labels: ["Refresher", "刷新"], why: CALLS },
  { kind: "ignored", labels: ["Reply 182 On Call Waiting", "呼叫等待回应182"], why: CALLS },
  { kind: "ignored", labels: ["Anonymous Call", "匿名呼叫"], why: CALLS },
  { kind: "ignored", labels: ["Reject Anonymous Call", "拒绝匿名呼叫"], why: CALLS },
  { kind: "ignored", labels: ["Dial Prefix", "拨号前缀"], why: DIALLING },
  { kind: "ignored", labels: ["Peer User Type", "对端用户类型"], why: CALLS },
  { kind: "ignored", labels: ["Hold Method", "呼叫保持方法"], why: CALLS },
  { kind: "ignored", labels: ["VPN"], why: "belongs to the network of the phone" },
  { kind: "ignored", labels: ["SIP Encryption", "SIP 加密方式"], why: "a maker's own cipher; TLS is the standard way" },
  { kind: "ignored", labels: ["RTP Encryption", "RTP 加密方式"], why: MEDIA },
  { kind: "ignored", labels: ["SRTP"], why: MEDIA },
  { kind: "ignored", labels: ["SRTP Preference", "SRTP 不加密"], why: MEDIA },
  { kind: "ignored", labels: ["Country Code", "国家码"], why: DIALLING },
  { kind: "ignored", labels: ["Remove Country Code", "移除国家码使能"], why: DIALLING },
  { kind: "ignored", labels: ["Tel URL"], why: DIALLING },
  { kind: "ignored", labels: ["Hold Uses Inactive", "呼叫保持Inactive属性使能"], why: CALLS },
  { kind: "ignored", labels: ["BLF List URI"], why: "belongs to subscriptions" },
  { kind: "ignored", labels: ["BLF List Pickup Code"], why: "belongs to subscriptions" },
  { kind: "ignored", labels: ["100rel"], keys: ["account.X.100rel_enable"], why: CALLS },
  { kind: "ignored", labels: ["Account Enable"], keys: ["DBID_SIP_ENABLE", "account.X.enable", "P271"], why: "every line of the file is used; leave a line out to disable it" },
  { kind: "ignored", labels: ["Label"], keys: ["account.X.label"], why: "belongs to the screen of the phone" },
];
