// The file of a store: SQLite compiled to WebAssembly, its tables, and what makes a commit outlive a loss of power.
//
// One process has it, and holds it locked for as long as it runs, so SQLite needs no memory shared between processes:
// that is what its write-ahead log can do without then, and one flush a commit is enough (sqlite.org/wal.html, §9).
// Who owns the folder is settled before (owner.ts), so a lock of the library that is there was left by a dead process.
// Above: store.ts.
import { existsSync, rmSync } from "node:fs";
import type { Database, Statement } from "node-sqlite3-wasm";
import { HostError } from "../error.ts";

/** "Stnd": whose file this is. sqlite.org/fileformat2.html §1.3.21. */
const APPLICATION = 0x53_74_6e_64;
const FORMAT = 1;

/** The log begins anew after so many pages of 4 KiB: 400 KiB and what one transaction writes, and not ten times that. */
const LOG_PAGES = 100;

const TABLES: readonly string[] = [
  "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
  "CREATE TABLE objects (user TEXT PRIMARY KEY, object TEXT NOT NULL) WITHOUT ROWID",
  "CREATE TABLE changes (version INTEGER PRIMARY KEY, history TEXT NOT NULL, edit TEXT NOT NULL)",
  `CREATE TABLE bindings (
     user TEXT NOT NULL, contact TEXT NOT NULL, callId TEXT NOT NULL, cseq INTEGER NOT NULL,
     leftMs INTEGER NOT NULL, wallMs INTEGER NOT NULL, uptimeMs INTEGER NOT NULL, boot TEXT NOT NULL,
     PRIMARY KEY (user, contact))`,
  `PRAGMA application_id = ${APPLICATION}`,
  `PRAGMA user_version = ${FORMAT}`,
];

/**
 * Opens the file, or makes it. The library is loaded with the first one: it is 1.3 MB.
 * @throws HostError "store": it is not ours, of another version, or damaged
 */
export async function openDatabase(path: string): Promise<Sql> {
  const { Database } = (await import("node-sqlite3-wasm")).default;
  rmSync(`${path}.lock`, { recursive: true, force: true });
  const isNew = !existsSync(path);
  try {
    const database = new Database(path);
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.get("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.get(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    const sql = new Sql(database);
    check(sql, path);
    return sql;
  } catch (error) {
    if (error instanceof HostError) throw error;
    const remedy = isNew ? "is the disk full, or may it not be written?" : REMEDY;
    throw new HostError("store", `${path} cannot be opened: ${(error as Error).message}; ${remedy}`);
  }
}

const REMEDY =
  "put a copy of the folder back, or remove it: a standby then gets everything from its master, a master starts empty";

function check(sql: Sql, path: string): void {
  const [application, format] = [pragma(sql, "application_id"), pragma(sql, "user_version")];
  if (application === 0 && sql.all("SELECT name FROM sqlite_schema").length === 0) {
    sql.transact(() => {
      for (const table of TABLES) sql.run(table);
    });
    return;
  }
  if (application !== APPLICATION)
    throw new HostError("store", `${path} is no store of standfast; ${REMEDY}`);
  if (format !== FORMAT) {
    throw new HostError("store", `${path} has format ${format}, this program knows ${FORMAT}; ${REMEDY}`);
  }
  const verdict = pragma(sql, "quick_check");
  if (verdict !== "ok") throw new HostError("store", `${path} is damaged: ${verdict}; ${REMEDY}`);
}

function pragma(sql: Sql, name: string): unknown {
  return Object.values(sql.all(`PRAGMA ${name}`)[0] ?? {})[0];
}

export type Row = Readonly<Record<string, unknown>>;

/** An open file: statements are compiled once, and what is written is on the disk when a call returns. */
export class Sql {
  readonly #database: Database;
  readonly #compiled = new Map<string, Statement>();
  #trouble = "";

  constructor(database: Database) {
    this.#database = database;
  }

  run(sql: string, ...values: (string | number)[]): void {
    this.#statement(sql).run(values);
  }

  all(sql: string, ...values: (string | number)[]): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  /** Why the last transaction was not written; "": it was. */
  get trouble(): string {
    return this.#trouble;
  }

  /** All of what `act` writes, or nothing of it. It may be called twice. */
  transact(act: () => void): void {
    try {
      this.#once(act);
    } catch (error) {
      this.#trouble = (error as Error).message;
      // The disk is full: a checkpoint gives the log its own pages back (sqlite.org/wal.html, §6).
      this.#database.get("PRAGMA wal_checkpoint(RESTART)");
      this.#once(act);
    }
    this.#trouble = "";
  }

  #once(act: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      act();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Closes the file; the log is taken into it, and nothing stays beside it. */
  close(): void {
    for (const statement of this.#compiled.values()) statement.finalize();
    this.#database.close();
  }

  #statement(sql: string): Statement {
    const known = this.#compiled.get(sql) ?? this.#database.prepare(sql);
    this.#compiled.set(sql, known);
    return known;
  }
}
