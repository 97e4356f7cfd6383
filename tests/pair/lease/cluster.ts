// Three members of etcd as one cluster: who leads, and what stands in its table.
//
// Below: etcd.ts. Above: the tests of ownership.

import { freeSite, RealEtcd, type Site } from "./etcd.ts";

/** One tenure as etcd's own table has it: the revision that took the key, and what was written under it. */
export interface Tenure {
  readonly epoch: number;
  readonly name: string;
}

interface Status {
  readonly leader?: string;
  readonly header: { readonly member_id: string };
}

interface Range {
  readonly header: { readonly revision: string };
  readonly kvs?: readonly { readonly create_revision: string; readonly value: string }[];
}

export class EtcdCluster {
  readonly members: readonly RealEtcd[];

  private constructor(members: readonly RealEtcd[]) {
    this.members = members;
  }

  /** @param sites three; of loopback when left out */
  static async open(sites?: readonly Site[]): Promise<EtcdCluster> {
    const all = sites ?? (await Promise.all([1, 2, 3].map((at) => freeSite(`m${at}`, `127.0.0.${at}`))));
    const cluster = new EtcdCluster(all.map((site) => new RealEtcd(site, all)));
    await Promise.all(cluster.members.map((member) => member.start()));
    return cluster;
  }

  async close(): Promise<void> {
    for (const member of this.members) member.signal("SIGKILL");
  }

  /** The one that all members name, then the others. Waits for an election that is going on. */
  async leaderFirst(): Promise<readonly [RealEtcd, RealEtcd, RealEtcd]> {
    for (;;) {
      const told = await Promise.all(this.members.map((member) => statusOf(member)));
      const leads = told.map(({ leader, header }) => leader === header.member_id);
      const isSettled = new Set(told.map(({ leader }) => leader)).size === 1;
      const [leader] = this.members.filter((_, at) => leads[at]);
      if (isSettled && leader !== undefined) {
        const [one, other] = this.members.filter((member) => member !== leader);
        return [leader, one as RealEtcd, other as RealEtcd];
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Lets a member lead. */
  async lead(member: RealEtcd): Promise<void> {
    const [leader] = await this.leaderFirst();
    if (leader === member) return;
    const { header } = await statusOf(member);
    await leader.ask("/v3/maintenance/transfer-leadership", { targetID: header.member_id });
    await this.leaderFirst();
  }

  /** Everybody who ever had the key, from the history that etcd keeps; asked of one member. */
  async tenures(key: string, member = this.members[0] as RealEtcd): Promise<readonly Tenure[]> {
    const encoded = Buffer.from(key).toString("base64");
    const look = async (revision: number): Promise<Range> =>
      (await member.ask("/v3/kv/range", { key: encoded, revision })) as unknown as Range;
    const { header } = await look(0); // the present
    const found = new Map<number, string>();
    for (let revision = 1; revision <= Number(header.revision); revision++)
      for (const { create_revision, value } of (await look(revision)).kvs ?? [])
        found.set(Number(create_revision), Buffer.from(value, "base64").toString());
    return [...found].map(([epoch, name]) => ({ epoch, name }));
  }
}

async function statusOf(member: RealEtcd): Promise<Status> {
  return (await member.ask("/v3/maintenance/status", {})) as unknown as Status;
}
