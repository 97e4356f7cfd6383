// The reader of drachtio-srf, which its declarations leave out.

declare module "drachtio-srf/lib/sip-parser/message.js" {
  export default class SipMessage {
    /** @throws Error when the text is no SIP message */
    constructor(text: string);
    /** @throws Error when the message has no such header */
    getParsedHeader(name: string): unknown;
  }
}
