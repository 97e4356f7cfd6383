// Which servers are gone, from what every phone says of each of them.
//
// A server is there while some phone has its answer, or nobody has found it down and some phone may still ask it. A
// phone whose own link is cut says nothing of any server; when its link is back, all that it said counts as before.
// Above: source.ts.

interface Server {
  up: number;
  down: number;
  unasked: number;
}

type Opinion = keyof Server;

interface Phone {
  readonly opinions: Map<string, Opinion>;
  isCut: boolean;
}

export class Reach {
  readonly #servers = new Map<string, Server>();
  readonly #phones = new Map<string, Phone>();

  /** @param servers those that the phone may use; it has asked none of them yet */
  add(phone: string, servers: readonly string[]): void {
    for (const server of servers)
      if (!this.#servers.has(server)) this.#servers.set(server, { up: 0, down: 0, unasked: 0 });
    const added: Phone = { opinions: new Map(servers.map((server) => [server, "unasked"])), isCut: false };
    this.#phones.set(phone, added);
    this.#count(added, 1);
  }

  remove(phone: string): void {
    this.#change(phone, (removed) => removed.opinions.clear());
    this.#phones.delete(phone);
  }

  /** A phone has an answer from that server, or has found it down. */
  note(phone: string, server: string, answers: boolean): void {
    this.#change(phone, (noting) => {
      noting.opinions.set(server, answers ? "up" : "down");
      if (answers) noting.isCut = false;
    });
  }

  /** The phone's own link is down. The next answer ends it. */
  cut(phone: string): void {
    this.#change(phone, (cut) => {
      cut.isCut = true;
    });
  }

  /** False: every server is gone. */
  get isAny(): boolean {
    return [...this.#servers.values()].some(({ up, down, unasked }) => up > 0 || (down === 0 && unasked > 0));
  }

  #change(name: string, change: (phone: Phone) => void): void {
    const phone = this.#phones.get(name);
    if (phone === undefined) return;
    this.#count(phone, -1);
    change(phone);
    this.#count(phone, 1);
  }

  #count({ opinions, isCut }: Phone, by: number): void {
    if (isCut) return;
    for (const [name, opinion] of opinions) {
      const server = this.#servers.get(name);
      if (server !== undefined) server[opinion] += by;
    }
  }
}
