// What a SIPp answers, as data; and that as a scenario of SIPp.
//
// SIPp 3.6 keys a call by Call-ID. A phone keeps the one of a line and that of its heartbeats for a boot, so a call never
// ends: the n-th request of a call gets the n-th reply, and all later ones the last. A copy of a request gets a
// copy of the answer. Above: sipp.ts.

/**
 * One answer: a status, then header lines. A header line here takes the place of the usual one of its name; `{name}` in
 * it stands for one of the places that the scenario is written for.
 */
export type Answer = readonly [status: number, ...headers: string[]];

/** What one request gets: answers, and pauses of so many ms before them. None: silence. */
export type Reply = readonly (Answer | number)[];

export type Script = {
  readonly register: readonly Reply[];
  /** What the user `{second}` gets instead. */
  readonly second?: readonly Reply[];
  /** 200 unless told. */
  readonly options?: readonly Reply[];
};

/** The URI of the Contact just received: what SIPp knows as a variable. */
export const CONTACT = "[$contact]";
/** Grants the Contact of the request for so long. RFC 3261 §10.3 step 8. */
export const grants = (seconds: number | bigint): Reply => [
  [200, `Contact: <${CONTACT}>;expires=${seconds}`],
];
export const answers = (...answer: Answer): Reply => [answer];
export const SILENCE: Reply = [];

/** SIPp numbers its labels: each chain of replies has a hundred. */
const OPTIONS_AT = 100;
const REGISTER_AT = 200;
const SECOND_AT = 300;

/** The scenario of `script`, with each `{name}` replaced by `places[name]`. */
export function scenario(script: Script, places: Readonly<Record<string, string>>): string {
  const { register, second, options = [answers(200)] } = script;
  const [read, branch, replies] = second === undefined ? NO_SECOND : forSecond(second);
  const text = [
    '<?xml version="1.0" encoding="ISO-8859-1" ?>',
    '<scenario name="answers">',
    `<recv request="OPTIONS" optional="true" next="${OPTIONS_AT}"/>`,
    `<recv request="REGISTER"><action>${READ_CONTACT}${read}</action></recv>`,
    branch,
    ...chain(REGISTER_AT, "REGISTER", register),
    ...replies,
    ...chain(OPTIONS_AT, "OPTIONS", options),
    "</scenario>",
    "",
  ].join("\n");
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const place = places[name];
    if (place === undefined) throw new Error(`{${name}} in a script is none of ${Object.keys(places)}`);
    return place;
  });
}

const NO_SECOND = ["", '<Reference variables="contact"/>', []] as const;

function forSecond(register: readonly Reply[]) {
  const read = '<ereg regexp="sip:{second}@" search_in="hdr" header="To:" assign_to="isSecond"/>';
  const branch = `<nop test="isSecond" next="${SECOND_AT}"/><Reference variables="contact"/>`;
  return [read, branch, chain(SECOND_AT, "REGISTER", register)] as const;
}

const READ_CONTACT =
  '<ereg regexp="sip:[-0-9a-zA-Z@.:;=]*" search_in="hdr" header="Contact:" assign_to="contact"/>';

/** Entered with the first request just received; the last reply is the loop that a call stays in. */
function chain(at: number, method: string, replies: readonly Reply[]): string[] {
  const last = replies.at(-1) ?? SILENCE;
  const receive = (next: string) =>
    `<recv request="${method}"${next}>${method === "REGISTER" ? `<action>${READ_CONTACT}</action>` : ""}</recv>`;
  const one = (reply: Reply) => reply.map((step) => play(step, ""));
  const loop =
    last.length === 0
      ? [receive(` next="${at + 1}"`)]
      : [
          receive(""),
          ...one(last.slice(0, -1)),
          ...last.slice(-1).map((step) => play(step, ` next="${at + 1}"`)),
        ];
  return [
    `<label id="${at}"/>`,
    ...replies.flatMap((reply, index) => [...(index === 0 ? [] : [receive("")]), ...one(reply)]),
    `<label id="${at + 1}"/>`,
    ...loop,
  ];
}

const USUAL = [
  "[last_Via:]",
  "[last_From:]",
  "[last_To:];tag=[call_number]",
  "[last_Call-ID:]",
  "[last_CSeq:]",
];

function play(step: Answer | number, next: string): string {
  return typeof step === "number" ? `<pause milliseconds="${step}"${next}/>` : send(step, next);
}

function send([status, ...headers]: Answer, next: string): string {
  const isReplaced = (line: string) =>
    headers.some((header) => line.startsWith(`[last_${header.slice(0, header.indexOf(":") + 1)}`));
  const lines = [`SIP/2.0 ${status} Said So`, ...USUAL.filter((line) => !isReplaced(line)), ...headers];
  return `<send${next}><![CDATA[\n${lines.join("\n")}\nContent-Length: 0\n\n]]></send>`;
}
