// `npm run smoke:c`: the core translated to C, compiled, and started; prints what it does in a minute of its time.

import { build } from "./build/all.ts";
import { SHIPPED } from "./build/core.ts";
import { runSmoke } from "./firmware/smoke.ts";

const problems = await build();
if (problems.length > 0) console.error(problems.join("\n"));
const { code, lines } = await runSmoke(SHIPPED.wasm);
const asText = (hex: string) => JSON.stringify(Buffer.from(hex, "hex").toString("latin1").split("\r\n")[0]);
for (const line of lines) console.log(line.replace(/[0-9a-f]{40,}$/, asText));
const registers = lines.filter((line) => line.includes(Buffer.from("REGISTER sip:").toString("hex"))).length;
console.log(`exit code ${code}, ${registers} REGISTER`);
process.exitCode = code === 0 && registers > 0 && problems.length === 0 ? 0 : 1;
