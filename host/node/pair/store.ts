// All that a node of a pair must not forget: objects, licences and their history, and who is bound where.
//
// A folder that one process has at a time, with one database in it. A change is on the disk before anybody is told of it:
// before a standby acknowledges it, and before a phone gets its 200. Passwords are not in it; hashes that are as good as
// passwords for this PBX are, so the folder is for its owner alone.
// Below: database.ts, owner.ts, journal.ts, bindings.ts. Above: node.ts.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Directory } from "../../pbx/directory/directory.ts";
import type { Locations } from "../../pbx/locations.ts";
import { codeOf, HostError } from "../error.ts";
import { BindingRows } from "./bindings.ts";
import { openDatabase, type Sql } from "./database.ts";
import { DirectoryRows, readMeta } from "./journal.ts";
import { own } from "./owner.ts";

export interface StoreOptions {
  /** Made when it is not there, for this user alone. */
  readonly folder: string;
  /** The clock that bindings are counted by, ms; any zero. */
  readonly now: () => number;
  /** Where edits belong, for the message of a standby; undefined: this node may be edited. */
  readonly masterAt?: string;
}

export class Store {
  readonly directory: Directory;
  /** Bindings outlive the process: each is written before grant() returns. */
  readonly locations: Locations;
  /** 16 hex digits, drawn when the folder was made: tells two nodes of one name apart. */
  readonly instance: string;
  readonly #sql: Sql;
  readonly #folder: string;
  readonly #release: () => void;

  constructor(sql: Sql, release: () => void, options: StoreOptions) {
    this.#sql = sql;
    this.#folder = options.folder;
    this.#release = release;
    this.instance = readMeta(sql, "instance", () => randomBytes(8).toString("hex"));
    const rows = new DirectoryRows(sql, () => randomBytes(32).toString("hex"));
    this.directory = new Directory(rows, rows.read(), options.masterAt);
    this.locations = new BindingRows(sql).open(options.now());
  }

  /** Why nothing can be kept, with the way out; "": it can. What failed is tried again at each call. */
  trouble(): string {
    if (this.#sql.trouble === "") return "";
    try {
      this.#sql.transact(() => this.#sql.run("REPLACE INTO meta VALUES ('tried', ?)", String(Date.now())));
      return "";
    } catch (error) {
      return `${this.#folder} cannot be written (${(error as Error).message}): is the disk full? Make room; no restart is needed`;
    }
  }

  /** Closes the database and gives the folder back. */
  close(): void {
    this.#sql.close();
    this.#release();
  }
}

/** @throws HostError: "folder-in-use", "folder", "store" */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { folder } = options;
  makeFolder(folder);
  const release = own(folder);
  try {
    return new Store(await openDatabase(join(folder, "pair.db")), release, options);
  } catch (error) {
    release();
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const remedy = "name a folder that this user may write";
    throw new HostError("folder", `the data folder ${folder} cannot be made (${codeOf(error)}); ${remedy}`);
  }
}
