// Those who listen on a UDP socket while their heap is measured: Node alone, and the phone.
//
// Each counts what it heard in shared memory, which allocates nothing. Below: host/node. Above: child.ts.

import { createSocket } from "node:dgram";
import { fromOptions } from "../../config/options.ts";
import { Core } from "../../core/core.ts";
import { type CoreExports, instantiate, moduleHash } from "../../core/load.ts";
import { shippedModule } from "../../module.ts";
import { Carrier } from "../../node/carrier.ts";

export interface Listener {
  /** Where datagrams for it go. */
  readonly port: number;
  close(): void;
}

/** A socket whose listener counts. */
export function listenBare(heard: Int32Array): Promise<Listener> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.on("message", () => Atomics.add(heard, 0, 1));
    socket.bind(0, "127.0.0.1", () => resolve({ port: socket.address().port, close: () => socket.close() }));
  });
}

/** A phone as the public API makes it, in service with the server on that port. */
export function listenWithPhone(heard: Int32Array, server: number): Promise<Listener> {
  const reading = fromOptions({
    primary: `127.0.0.1:${server}`,
    backups: [],
    users: ["6000"],
    password: "secret",
    domain: "example.test",
  });
  if (reading.kind === "refused") throw new Error(JSON.stringify(reading.errors));
  const { config } = reading;
  return new Promise((resolve, reject) => {
    const carrier = new Carrier({
      config,
      load: () => new CountingCore(instantiate(shippedModule()), heard),
      moduleHash: moduleHash(shippedModule()),
      userAgent: "standfast/bench",
      report: (report) => {
        if (report.kind !== "event" || report.event.type !== "inService") return;
        resolve({ port: carrier.localPort, close: () => carrier.close() });
      },
    });
    carrier.start().catch(reject);
  });
}

class CountingCore extends Core {
  readonly #heard: Int32Array;

  constructor(exports: CoreExports, heard: Int32Array) {
    super(exports);
    this.#heard = heard;
  }

  override receive(server: number, bytes: Uint8Array, now: number): number {
    Atomics.add(this.#heard, 0, 1);
    return super.receive(server, bytes, now);
  }
}
