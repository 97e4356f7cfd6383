// The transports that the tests of this folder go through.

export const TRANSPORTS = ["udp", "tcp", "tls"] as const satisfies readonly ("udp" | "tcp" | "tls")[];
