// The right to make networks: without it every test of this folder is skipped, by the name `net`.

import { whyNoNamespace } from "./namespace.ts";

const lack = await whyNoNamespace();

/** For the option of that name of each test. */
export const skip: string | false = lack === undefined ? false : `net: ${lack}`;
