// Every form of another maker that is read and written, by its name. Above: the command line.

import type { PhoneConfig } from "../model.ts";
import type { Dialect } from "./dialect.ts";
import { entriesOf } from "./entries.ts";
import { type Export, exportTo } from "./export.ts";
import { GRANDSTREAM } from "./grandstream.ts";
import { type Import, importFile } from "./import.ts";
import { exportOwn, importOwn } from "./own.ts";
import { YEALINK } from "./yealink.ts";

export const DIALECTS: readonly Dialect[] = [YEALINK, GRANDSTREAM];
export const FORMS = ["yealink", "dbid", "grandstream"] as const;
export type Form = (typeof FORMS)[number];

/** The form that most keys of a file belong to; the phone's own where none does. */
export function formOf(text: string): Form {
  const keys = entriesOf(text, "").map(({ key }) => key);
  const [best] = DIALECTS.map(({ name, looks }) => ({
    name,
    count: keys.filter((key) => looks.test(key)).length,
  })).sort((a, b) => b.count - a.count);
  return best === undefined || best.count === 0 || 2 * best.count < keys.length ? "dbid" : best.name;
}

/**
 * @param name     the file, as messages call it
 * @param password for lines to which the file gives none
 */
export function importAs(form: Form, text: string, name: string, password = ""): Import {
  const dialect = DIALECTS.find((one) => one.name === form);
  return dialect ? importFile(text, name, dialect, password) : importOwn(text, name, password);
}

export function exportAs(form: Form, config: PhoneConfig): Export {
  const dialect = DIALECTS.find((one) => one.name === form);
  return dialect ? exportTo(dialect, config) : exportOwn(config);
}
