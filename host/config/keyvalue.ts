// The phone's own form: one `key = value` on a line.
//
// `#` and `;` begin a comment at the start of a line and behind a value. A value in double quotes may hold
// anything, with \" and \\ for the two that need it; one in single quotes is taken as it stands. The last
// line may lack its end, and ends are LF, CRLF or CR. Above: read.ts.

import type { Draft } from "./draft.ts";
import { meaningOf } from "./key.ts";

type Lexed =
  | { readonly kind: "value"; readonly value: string; readonly hasComment: boolean }
  | { readonly kind: "broken"; readonly message: string; readonly remedy: string };

/**
 * Puts every entry of `text` into `draft`.
 * @param name the file, as messages call it
 * @returns true: a broken line does not keep the others from being read
 */
export function readKeyValue(text: string, name: string, draft: Draft): boolean {
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    readLine(line.trim(), `${name}:${index + 1}`, draft);
  });
  return true;
}

function readLine(line: string, where: string, draft: Draft): void {
  if (line === "" || line.startsWith("#") || line.startsWith(";")) return;
  const equals = line.indexOf("=");
  const key = line.slice(0, equals).trim();
  if (equals < 0 || key === "") {
    const remedy = "write key = value, or begin a comment with #";
    draft.errors.push({ code: "syntax", where, message: "the line is no key = value", remedy });
    return;
  }
  const lexed = lex(line.slice(equals + 1).trim());
  if (lexed.kind === "broken") {
    const message = `the value of ${key} ${lexed.message}`;
    draft.errors.push({ code: "syntax", where, message, remedy: lexed.remedy });
    return;
  }
  const path = key.split(".");
  if (lexed.hasComment && isText(path)) {
    const message = `the value of ${key} may end before the # or ;, or not`;
    const remedy = "put the value in double quotes";
    draft.errors.push({ code: "syntax", where, message, remedy });
    return;
  }
  draft.enter(path, lexed.value, where, key);
}

/** A `#` behind a number is a comment; in a text it may belong to it, in a password above all. */
function isText(path: readonly string[]): boolean {
  const meaning = meaningOf(path);
  return meaning.kind === "param" && meaning.row.kind === "text";
}

function lex(text: string): Lexed {
  if (text.startsWith('"')) return lexQuoted(text, /^"((?:[^"\\]|\\.)*)"(.*)$/, '"');
  if (text.startsWith("'")) return lexQuoted(text, /^'([^']*)'(.*)$/, "'");
  const comment = text.search(/(^|\s)[#;]/);
  const value = comment < 0 ? text : text.slice(0, comment).trimEnd();
  return { kind: "value", value, hasComment: comment > 0 };
}

function lexQuoted(text: string, form: RegExp, quote: string): Lexed {
  const found = form.exec(text);
  if (found === null) {
    return { kind: "broken", message: "has no closing quote", remedy: `end it with ${quote}` };
  }
  const [, inner = "", rest = ""] = found;
  if (!/^\s*([#;].*)?$/.test(rest)) {
    const remedy = 'quote the whole value, and write a quote inside it as \\"';
    return { kind: "broken", message: "goes on behind its closing quote", remedy };
  }
  if (quote === "'") return { kind: "value", value: inner, hasComment: false };
  if (/\\[^"\\]/.test(inner.replace(/\\\\/g, ""))) {
    const remedy = "write \\\\ for a backslash, or use single quotes";
    return { kind: "broken", message: "has a backslash that escapes nothing", remedy };
  }
  return { kind: "value", value: inner.replace(/\\(.)/g, "$1"), hasComment: false };
}
