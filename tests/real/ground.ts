// Where a program runs: here, or in a network namespace of its own. It is what stands before a command.

/** The words before a command; none: it runs where we are. */
export type Ground = readonly string[];

export const HERE: Ground = [];
