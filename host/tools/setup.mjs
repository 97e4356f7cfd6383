// Installs the packages of package-lock.json when they are missing or other than it says.
//
// Runs before any package is there, so it uses Node alone. Above: run.mjs.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** What npm writes of the packages it has installed. */
const INSTALLED = "node_modules/.package-lock.json";

/** @returns {boolean} whether any packages are there, of whatever version */
export function isInstalled() {
  return existsSync(INSTALLED);
}

/** Runs `npm ci` unless every package is there in its locked version. Ends the process when npm fails. */
export function setUp() {
  const why = isInstalled() ? staleness() : "no packages are installed yet";
  if (why === undefined) return;
  console.error(`set-up: ${why}; running npm ci`);
  const npm = process.env.npm_execpath;
  const [command, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const ran = spawnSync(command, [...first, "ci", "--no-audit", "--no-fund"], { stdio: ["ignore", 2, 2] });
  if (ran.status === 0) return;
  console.error("set-up: npm ci failed; see above. It needs the registry that npm is configured for.");
  process.exit(1);
}

/** @returns {string | undefined} the first difference between what is locked and what is installed */
function staleness() {
  const wanted = packagesOf("package-lock.json");
  const present = packagesOf(INSTALLED);
  for (const [path, locked] of Object.entries(wanted)) {
    if (path === "" || locked.optional || locked.link) continue;
    const version = present[path]?.version;
    if (version !== locked.version) return `${path} is ${version ?? "missing"}, locked ${locked.version}`;
  }
  return undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, optional?: boolean, link?: boolean}>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
