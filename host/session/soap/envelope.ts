// SOAP 1.1 envelopes, written and read: a call with its arguments, a response with what it returns, a fault.
//
// An XML reader of a library gives elements and texts; a document type is refused, so no entity is ever declared. Names are
// compared without their namespace, for the makers of such services write different ones. Below: sax. Above: meaning.ts,
// pbx.ts.

import sax from "sax";

/** An element, by its local name. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

/** What stands in a body: an element of text, or of others. */
export type Part = readonly [name: string, content: string | number | boolean | readonly Part[]];

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
const ENCODING = "http://schemas.xmlsoap.org/soap/encoding/";
const SERVICE = "http://www.innovaphone.com/pbx";

/** Of one document: a list of a few thousand users. */
export const DOCUMENT_MAX = 1_048_576;
const DEPTH_MAX = 16;
const ELEMENTS_MAX = 50_000;

/** A call, a response or a fault, with what is in it. */
export function writeEnvelope(name: string, parts: readonly Part[]): string {
  const isFault = name === "Fault";
  const open = isFault ? "s:Fault" : `p:${name} xmlns:p="${SERVICE}"`;
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="${ENVELOPE}" s:encodingStyle="${ENCODING}"><s:Body>` +
    `<${open}>${parts.map(write).join("")}</${isFault ? "s:Fault" : `p:${name}`}></s:Body></s:Envelope>\n`
  );
}

function write([name, content]: Part): string {
  const inside = Array.isArray(content) ? content.map(write).join("") : escaped(String(content));
  return `<${name}>${inside}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The one element of the body; undefined: it is no such document. */
export function readEnvelope(text: string): Element | undefined {
  if (text.length > DOCUMENT_MAX) return undefined;
  try {
    const root = new Reader(text).root;
    if (root?.name !== "Envelope") return undefined;
    return child(root, "Body")?.children[0];
  } catch {
    return undefined;
  }
}

/** The first element of that name. */
export function child(parent: Element, name: string): Element | undefined {
  return parent.children.find((one) => one.name === name);
}

/** What stands in the first element of that name; "" when there is none. */
export function textOf(parent: Element, name: string): string {
  return child(parent, name)?.text.trim() ?? "";
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

class Reader {
  root: Element | undefined;
  readonly #path: Open[] = [];
  #count = 0;

  /** @throws when it is no XML, or too much of it */
  constructor(text: string) {
    const parser = sax.parser(true, { xmlns: true });
    parser.onerror = (error) => {
      throw error;
    };
    parser.ondoctype = () => {
      throw new Error("a document type");
    };
    parser.onopentag = (tag) => this.#open((tag as sax.QualifiedTag).local);
    parser.onclosetag = () => this.#close();
    parser.ontext = (piece) => this.#take(piece);
    parser.oncdata = (piece) => this.#take(piece);
    parser.write(text).close();
  }

  #open(name: string): void {
    if (++this.#count > ELEMENTS_MAX || this.#path.length >= DEPTH_MAX) throw new Error("too much");
    this.#path.push({ name, text: "", children: [] });
  }

  #close(): void {
    const done = this.#path.pop();
    if (done === undefined) return;
    const above = this.#path.at(-1);
    if (above === undefined) this.root = done;
    else above.children.push(done);
  }

  #take(piece: string): void {
    const open = this.#path.at(-1);
    if (open !== undefined) open.text += piece;
  }
}
