// Objects, licences and the last changes as rows of the database. Each append and each whole set is one transaction.
//
// Below: database.ts. Above: store.ts.
import { CHANGES_KEPT, emptySet, type Journal, type Stored } from "../../pbx/directory/directory.ts";
import type { Change, Edit, WholeSet } from "../../pbx/directory/edit.ts";
import type { PbxObject } from "../../pbx/directory/object.ts";
import type { Sql } from "./database.ts";

export class DirectoryRows implements Journal {
  readonly #sql: Sql;
  readonly #draw: () => string;

  /** @param draw the name of an empty start, 64 random hex digits */
  constructor(sql: Sql, draw: () => string) {
    this.#sql = sql;
    this.#draw = draw;
  }

  read(): Stored {
    const empty = emptySet(readMeta(this.#sql, "history", this.#draw));
    const all = (sql: string) => this.#sql.all(sql) as Record<string, string>[];
    return {
      version: Number(readMeta(this.#sql, "version", () => "0")),
      history: empty.history,
      licences: JSON.parse(readMeta(this.#sql, "licences", () => JSON.stringify(empty.licences))),
      objects: all("SELECT object FROM objects ORDER BY user").map(
        ({ object = "" }): PbxObject => JSON.parse(object),
      ),
      changes: all("SELECT version, history, edit FROM changes ORDER BY version").map(
        ({ version, history = "", edit = "" }): Change => ({
          version: Number(version),
          history,
          edit: JSON.parse(edit),
        }),
      ),
    };
  }

  append(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last === undefined) return;
    this.#sql.transact(() => {
      for (const { version, history, edit } of changes) {
        this.#sql.run("INSERT INTO changes VALUES (?, ?, ?)", version, history, JSON.stringify(edit));
        this.#perform(edit);
      }
      this.#sql.run("DELETE FROM changes WHERE version <= ?", last.version - CHANGES_KEPT);
      this.#stand(last);
    });
  }

  replace(set: WholeSet): void {
    this.#sql.transact(() => {
      this.#sql.run("DELETE FROM objects");
      this.#sql.run("DELETE FROM changes");
      for (const object of set.objects) this.#put(object);
      this.#write("licences", JSON.stringify(set.licences));
      this.#stand(set);
    });
  }

  #perform(edit: Edit): void {
    if (edit.kind === "put") this.#put(edit.object);
    else if (edit.kind === "remove") this.#sql.run("DELETE FROM objects WHERE user = ?", edit.user);
    else this.#write("licences", JSON.stringify(edit.licences));
  }

  #put(object: PbxObject): void {
    this.#sql.run("REPLACE INTO objects VALUES (?, ?)", object.user, JSON.stringify(object));
  }

  #stand({ version, history }: { readonly version: number; readonly history: string }): void {
    this.#write("version", String(version));
    this.#write("history", history);
  }

  #write(name: string, value: string): void {
    this.#sql.run("REPLACE INTO meta VALUES (?, ?)", name, value);
  }
}

/** A value that is drawn once, when the store is made. */
export function readMeta(sql: Sql, name: string, draw: () => string): string {
  const [row] = sql.all("SELECT value FROM meta WHERE name = ?", name);
  if (row !== undefined) return String(row.value);
  const value = draw();
  sql.run("INSERT INTO meta VALUES (?, ?)", name, value);
  return value;
}
