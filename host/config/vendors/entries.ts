// The entries of a file of another maker: `key = value` on a line, or `<P47>value</P47>`.
//
// A comment is a line of its own there, and a value is taken as it stands: it may hold a # or a quote.

export interface Entry {
  readonly key: string;
  readonly value: string;
  /** `file:line`. */
  readonly where: string;
}

/** @param name the file, as messages call it */
export function entriesOf(text: string, name: string): readonly Entry[] {
  const isXml = /<gs_provision[\s>]/.test(text);
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const where = `${name}:${index + 1}`;
    return isXml ? elementsOf(line, where) : pairOf(line.trim(), where);
  });
}

function pairOf(line: string, where: string): readonly Entry[] {
  const equals = line.indexOf("=");
  if (/^[#;]|^$/.test(line)) return [];
  if (equals < 1) return [{ key: line, value: "", where }];
  return [{ key: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim(), where }];
}

function elementsOf(line: string, where: string): readonly Entry[] {
  const found = [...line.matchAll(/<(P\w+)>([^<]*)<\/\1>/g)];
  return found.map(([, key = "", value = ""]) => ({ key, value: unescaped(value).trim(), where }));
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(\w+);/g, (all, name: string) => named[name] ?? all);
}
