// The sources of lwIP as Debian has them, fetched once into build/ and never part of this project.
//
// apt works with a configuration of its own here: it reads which archive this machine uses, and changes nothing outside
// build/. Above: cortex-m.ts.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../child.ts";

const FOLDER = "build/lwip";
const APT = resolve(`${FOLDER}/apt`);
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
  const src = find() ?? (await download());
  return { sources: FILES.map((file) => `${src}/${file}`), include: `${src}/include` };
}

/** Where `src/` of an unpacked version is. */
function find(): string | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const version = readdirSync(FOLDER).find((name) => existsSync(`${FOLDER}/${name}/src/core/udp.c`));
  return version === undefined ? undefined : `${FOLDER}/${version}/src`;
}

async function download(): Promise<string> {
  if (process.env.STANDFAST_APT === "0") throw missing("STANDFAST_APT=0 forbids to fetch it");
  for (const folder of ["lists/partial", "cache/archives/partial"])
    mkdirSync(`${APT}/${folder}`, { recursive: true });
  const archives = await apt(["indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"]);
  const rows = new Set(archives.trim().split("\n"));
  const signed = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  writeFileSync(`${APT}/sources.list`, [...rows].map((row) => `deb-src ${signed} ${row} main\n`).join(""));
  writeFileSync(
    `${APT}/apt.conf`,
    [
      `Dir::Etc::SourceList "${APT}/sources.list"; Dir::Etc::SourceParts "/dev/null";`,
      `Dir::State::Lists "${APT}/lists"; Dir::Cache "${APT}/cache";`,
      `APT::Sandbox::User "root";`,
    ].join("\n"),
  );
  const own = { env: { APT_CONFIG: `${APT}/apt.conf` } };
  await apt(["update"], own);
  await apt(["source", "--download-only", "lwip"], { ...own, cwd: FOLDER });
  const archive = readdirSync(FOLDER).find((name) => /^lwip_.*\.orig\.tar\.\w+$/.test(name));
  if (archive === undefined) throw missing("the source package has no orig.tar");
  const { code, output } = await run("tar", ["-xf", archive], { cwd: FOLDER, limitMs: LIMIT_MS });
  const src = find();
  if (code !== 0 || src === undefined) throw missing(`${archive} was not unpacked: ${output}`);
  return src;
}

async function apt(words: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
  const { code, output } = await run("apt-get", words, { ...options, limitMs: LIMIT_MS });
  if (code !== 0) throw missing(`apt-get ${words.join(" ")}: ${output.trim()}`);
  return output;
}

function missing(why: string): Error {
  return new Error(`missing: the Debian source package lwip (needed by firmware). ${why}`);
}
