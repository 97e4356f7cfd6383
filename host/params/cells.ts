// The cells of the phone's two settings pages, software 5.32.13, in the order in which they stand there.
//
// Each is the label of a row of table.ts or of outside.ts; the tests count them. Above: cells-page.ts.

/** A page of the phone's settings. */
export interface SettingsPage {
  readonly name: string;
  readonly cells: readonly string[];
}

export const SETTINGS_PAGES: readonly SettingsPage[] = [
  {
    name: "The first page: subscriber, proxy and registration",
    cells: [
      "Display Name",
      "Phone Number",
      "Account",
      "Password",
      "Proxy Server",
      "Proxy Port",
      "Outbound Server",
      "Outbound Port",
      "Backup Outbound Server",
      "Backup Outbound Port",
      "Allow DHCP Option 120 to Override SIP Server",
      "Transport",
    ],
  },
  {
    name: "The second page: SIP",
    cells: [
      "本地SIP端口",
      "DTMF模式设置",
      "RFC2833载荷类型(>=96)",
      "注册刷新时间(秒)",
      "来电显示头域",
      "移除上次注册消息使能",
      "会话刷新时间(秒)",
      "Min Session Timer(sec)",
      "刷新",
      "SIP OPTIONS使能",
      "初始注册携带认证信息",
      "呼叫等待回应182",
      "主备服务器心跳周期",
      "最大检测失败计数",
      "NAT保活间隔(10-60秒)",
      "匿名呼叫",
      "拒绝匿名呼叫",
      "Proxy DNS 类型",
      "在会话中使用OB代理",
      "完整注册",
      "注册订阅使能",
      "注册订阅时间(秒)",
      "拨号前缀",
      "对端用户类型",
      "呼叫保持方法",
      "请求用户检查",
      "仅接受来自服务器的请求",
      "服务器地址",
      "RPort",
      "VPN",
      "SIP 加密方式",
      "RTP 加密方式",
      "SRTP",
      "SRTP 不加密",
      "国家码",
      "移除国家码使能",
      "Tel URL",
      "使用随机SIP端口",
      "最小随机SIP端口",
      "最大随机SIP端口",
      "优选主服务器",
      "呼叫保持Inactive属性使能",
      "BLF List URI",
      "BLF List Pickup Code",
    ],
  },
];
