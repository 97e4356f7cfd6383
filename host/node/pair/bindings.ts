// Who is bound where, as rows of the database: written before a registrar says 200, read again after a restart.
//
// A row says how much was left of the binding, and when that was by every clock the machine has: which of them counts
// after a restart is decided in host/pbx/directory/elapsed.ts. Below: database.ts, boot.ts. Above: store.ts.
import { leftOf } from "../../pbx/directory/elapsed.ts";
import { type Binding, Locations } from "../../pbx/locations.ts";
import { readUri } from "../../sip/uri.ts";
import { stampNow } from "./boot.ts";
import type { Sql } from "./database.ts";

interface Row {
  readonly user: string;
  readonly contact: string;
  readonly callId: string;
  readonly cseq: number;
  readonly leftMs: number;
  readonly wallMs: number;
  readonly uptimeMs: number;
  readonly boot: string;
}

export class BindingRows {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The bindings that are still alive, in a table that writes each change down; those that lapsed are deleted. */
  open(now: number): Locations {
    const locations = new Locations((user, held, at) => this.#write(user, held, at));
    const stamp = stampNow();
    const alive = new Map<string, Binding[]>();
    for (const row of this.#sql.all("SELECT * FROM bindings ORDER BY rowid") as unknown as Row[]) {
      const binding = bindingOf(row, now + leftOf(row.leftMs, row, stamp));
      if (binding === undefined || binding.expiresAt <= now) this.#delete(row.user, row.contact);
      else alive.set(row.user, [...(alive.get(row.user) ?? []), binding]);
    }
    for (const [user, held] of alive) locations.restore(user, held);
    return locations;
  }

  #write(user: string, held: readonly Binding[], now: number): void {
    const { wallMs, uptimeMs, boot } = stampNow();
    this.#sql.transact(() => {
      this.#sql.run("DELETE FROM bindings WHERE user = ?", user);
      for (const { contact, callId, cseq, expiresAt } of held) {
        const row = [user, contact, callId, cseq, Math.ceil(expiresAt - now), wallMs, uptimeMs, boot];
        this.#sql.run("INSERT INTO bindings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ...row);
      }
    });
  }

  #delete(user: string, contact: string): void {
    this.#sql.run("DELETE FROM bindings WHERE user = ? AND contact = ?", user, contact);
  }
}

/** undefined: the Contact is none, as a file that was edited by hand may say. */
function bindingOf({ contact, callId, cseq }: Row, expiresAt: number): Binding | undefined {
  const uri = readUri(contact.replace(/^<|>$/g, ""));
  return uri && { contact, uri, callId, cseq: Number(cseq), expiresAt };
}
