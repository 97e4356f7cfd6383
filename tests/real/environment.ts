// The environment of the programs that the runs start.

/** Debian keeps the programs of servers where the search path of an ordinary user does not look. */
export const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
