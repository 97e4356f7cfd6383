// The programs of Debian that some tests need: looked for, and installed when we may.
//
// STANDFAST_APT=0 never installs. Without the right to, the command to run is printed. What is missing in the
// end counts as failed. Above: tests/run.ts.

import { existsSync } from "node:fs";
import { has, run } from "../../host/tools/child.ts";
import type { Result, Suite } from "./suite.ts";

type Package = {
  readonly name: string;
  /** A program it brings, or the path of a file: there when this is. */
  readonly program: string;
  readonly suites: readonly string[];
};

/** The one list. Everything else that the tests need comes from npm. */
const PACKAGES: readonly Package[] = [
  { name: "clang", program: "clang", suites: ["firmware", "fuzz"] },
  {
    name: "libclang-rt-14-dev",
    program: "/usr/lib/llvm-14/lib/clang/14.0.6/include/fuzzer",
    suites: ["fuzz"],
  },
  { name: "llvm", program: "llvm-symbolizer", suites: ["fuzz"] },
  { name: "gcc", program: "gcc", suites: ["firmware"] },
  { name: "libc6-dev", program: "/usr/include/stdio.h", suites: ["firmware", "fuzz"] },
  { name: "gcc-arm-linux-gnueabihf", program: "arm-linux-gnueabihf-gcc", suites: ["firmware"] },
  {
    name: "libc6-dev-armhf-cross",
    program: "/usr/arm-linux-gnueabihf/include/stdio.h",
    suites: ["firmware"],
  },
  { name: "gcc-mipsel-linux-gnu", program: "mipsel-linux-gnu-gcc", suites: ["firmware"] },
  { name: "libc6-dev-mipsel-cross", program: "/usr/mipsel-linux-gnu/include/stdio.h", suites: ["firmware"] },
  { name: "gcc-mips-linux-gnu", program: "mips-linux-gnu-gcc", suites: ["firmware"] },
  { name: "libc6-dev-mips-cross", program: "/usr/mips-linux-gnu/include/stdio.h", suites: ["firmware"] },
  { name: "qemu-user", program: "qemu-mips", suites: ["firmware"] },
  { name: "qemu-system-arm", program: "qemu-system-arm", suites: ["firmware"] },
  { name: "kamailio", program: "/usr/sbin/kamailio", suites: ["firmware", "server", "network", "pair"] },
  { name: "kamailio-tls-modules", program: "/etc/kamailio/tls.cfg", suites: ["server", "network", "pair"] },
  {
    name: "kamailio-presence-modules",
    program: "/usr/share/doc/kamailio-presence-modules",
    suites: ["server"],
  },
  { name: "tcpdump", program: "tcpdump", suites: ["firmware", "server", "network", "dns", "pair"] },
  { name: "iproute2", program: "/usr/sbin/ip", suites: ["network", "pair"] },
  { name: "nftables", program: "/usr/sbin/nft", suites: ["network", "pair"] },
  { name: "conntrack", program: "/usr/sbin/conntrack", suites: ["network"] },
  { name: "nsd", program: "/usr/sbin/nsd", suites: ["dns"] },
  { name: "sip-tester", program: "sipp", suites: ["server"] },
  { name: "etcd-server", program: "/usr/bin/etcd", suites: ["pair"] },
  { name: "strace", program: "strace", suites: ["pair"] },
  { name: "baresip-core", program: "baresip", suites: ["pair"] },
  { name: "systemd", program: "systemd-notify", suites: ["pair"] },
  { name: "python3", program: "python3", suites: ["pair"] },
];

/** @param suites the suites of this run; only what they need is looked for */
export function packagesSuite(suites: readonly string[]): Suite | undefined {
  const needed = PACKAGES.filter((each) => each.suites.some((name) => suites.includes(name)));
  if (needed.length === 0) return undefined;
  return {
    name: "packages",
    proves: "the Debian packages of the other suites are there",
    sleeps: false,
    async run() {
      const before = await missing(needed);
      const notes = before.length === 0 ? [] : await install(before);
      const after = before.length === 0 ? [] : await missing(needed);
      return toResult(needed.length, after, notes);
    },
  };
}

function toResult(needed: number, lacking: readonly Package[], notes: readonly string[]): Result {
  const told = lacking.map(({ name, suites }) => `missing: ${name} (needed by ${suites.join(", ")})`);
  return {
    passed: needed - lacking.length,
    failed: lacking.length,
    skipped: 0,
    notes: lacking.length === 0 ? [] : [...told, ...notes],
  };
}

async function missing(packages: readonly Package[]): Promise<Package[]> {
  const present = await Promise.all(packages.map(({ program }) => isThere(program)));
  return packages.filter((_package, index) => !present[index]);
}

async function isThere(program: string): Promise<boolean> {
  return program.startsWith("/") ? existsSync(program) : has(program);
}

/** Installs what is missing when we are root on Debian and nobody forbids it. @returns what to tell if it failed. */
async function install(packages: readonly Package[]): Promise<string[]> {
  const names = packages.map(({ name }) => name);
  const command = `apt-get install --no-install-recommends ${names.join(" ")}`;
  if (!(await has("apt-get"))) return [`no apt-get here: install what gives ${programs(packages)}`];
  if (process.env.STANDFAST_APT === "0") return [`STANDFAST_APT=0: not installed. To do it: ${command}`];
  if (process.getuid?.() !== 0) return [`only root may install. Run: sudo ${command}`];
  const words = ["install", "--no-install-recommends", "--yes", ...names];
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env: quiet });
  const plan = await run("apt-get", ["--assume-no", ...words.filter((word) => word !== "--yes")], {
    env: quiet,
  });
  const size = /Need to get .*|After this operation.*/.exec(plan.output)?.[0] ?? "size unknown";
  console.log(`  installing Debian packages: ${names.join(" ")}. ${size}`);
  const { code, output } = await run("apt-get", words, { env: quiet });
  return code === 0 ? [] : [`${command} ended with code ${code}`, output];
}

function programs(packages: readonly Package[]): string {
  return packages.map(({ program }) => program).join(", ");
}
