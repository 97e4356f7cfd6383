// The sources of lwIP as Debian has them, fetched once into build/ and never part of this project.
//
// apt works with a configuration of its own here: it reads which archive this machine uses, and changes nothing outside
// build/. Above: cortex-m.ts.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../child.ts";

const FOLDER = "build/lwip";
const LIMIT_MS = 120_000;

/** What UDP over IPv4 on Ethernet needs of it. */
const CORE =
  "def inet_chksum init ip mem memp netif pbuf timeouts udp ipv4/etharp ipv4/icmp ipv4/ip4 ipv4/ip4_addr";
const FILES = [...CORE.split(" ").map((name) => `core/${name}.c`), "netif/ethernet.c"];

export interface Lwip {
  readonly sources: readonly string[];
  /** A folder of headers. */
  readonly include: string;
}

/** @throws Error when it is not there and cannot be fetched */
export async function fetchLwip(): Promise<Lwip> {
  if (find() === undefined) await download();
  const src = find();
  if (src === undefined) throw missing("its archive was not unpacked");
  return { sources: FILES.map((file) => `${src}/${file}`), include: `${src}/include` };
}

/** Where `src/` of an unpacked version is. */
function find(): string | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const version = readdirSync(FOLDER).find((name) => existsSync(`${FOLDER}/${name}/src/core/udp.c`));
  return version === undefined ? undefined : `${FOLDER}/${version}/src`;
}

/** Into a folder of our own first: several tests may begin at once. */
async function download(): Promise<void> {
  if (process.env.STANDFAST_APT === "0") throw missing("STANDFAST_APT=0 forbids to fetch it");
  const own = resolve(`${FOLDER}-${process.pid}`);
  const config = await configure(`${own}/apt`);
  const options = { env: { APT_CONFIG: config }, cwd: own };
  await apt(["update"], options);
  await apt(["source", "--download-only", "lwip"], options);
  const archive = readdirSync(own).find((name) => /^lwip_.*\.orig\.tar\.\w+$/.test(name));
  if (archive === undefined) throw missing("the source package has no orig.tar");
  const { code, output } = await run("tar", ["-xf", archive], { cwd: own, limitMs: LIMIT_MS });
  if (code !== 0) throw missing(`${archive} was not unpacked: ${output}`);
  if (find() !== undefined) return rmSync(own, { recursive: true });
  rmSync(FOLDER, { recursive: true, force: true }); // what an earlier run has left unfinished
  renameSync(own, FOLDER);
}

/** Everything of apt below `folder`. @returns its configuration */
async function configure(folder: string): Promise<string> {
  for (const below of ["lists/partial", "cache/archives/partial"])
    mkdirSync(`${folder}/${below}`, { recursive: true });
  const archives = await apt(["indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"]);
  const rows = new Set(archives.trim().split("\n"));
  const signed = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  writeFileSync(`${folder}/sources.list`, [...rows].map((row) => `deb-src ${signed} ${row} main\n`).join(""));
  writeFileSync(
    `${folder}/apt.conf`,
    [
      `Dir::Etc::SourceList "${folder}/sources.list"; Dir::Etc::SourceParts "/dev/null";`,
      `Dir::State::Lists "${folder}/lists"; Dir::Cache "${folder}/cache";`,
      `APT::Sandbox::User "root";`,
    ].join("\n"),
  );
  return `${folder}/apt.conf`;
}

async function apt(words: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
  const { code, output } = await run("apt-get", words, { ...options, limitMs: LIMIT_MS });
  if (code !== 0) throw missing(`apt-get ${words.join(" ")}: ${output.trim()}`);
  return output;
}

function missing(why: string): Error {
  return new Error(`missing: the Debian source package lwip (needed by firmware). ${why}`);
}
