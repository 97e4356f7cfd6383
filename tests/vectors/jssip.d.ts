// The reader of JsSIP, which its declarations leave out.

declare module "jssip/lib/Parser.js" {
  /** @returns undefined when it refuses the message */
  export function parseMessage(
    text: string,
    ua: object,
  ): import("jssip/lib/SIPMessage.js").IncomingMessage | undefined;
}
