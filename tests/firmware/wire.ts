// One host on a LAN with an image: it answers ARP, and all else that is said to the image is said by the test.
//
// Below: host/lan, host/node/lan-socket.ts. Above: lan.test.ts.

import { type Arp, BROADCAST, readFrame, TYPE_ARP, writeArp } from "../../host/lan/ethernet.ts";
import { type Packet, readPacket, writePacket } from "../../host/lan/ipv4.ts";
import { Lan } from "../../host/lan/lan.ts";
import { Station } from "../../host/lan/station.ts";
import { LanSocket } from "../../host/node/lan-socket.ts";
import { Network } from "../../host/sim/network.ts";
import { Random } from "../../host/sim/random.ts";
import type { Outcome } from "../../host/tools/child.ts";

export const PHONE = { address: "192.0.2.100", port: 5060 };
export const HOST = { address: "192.0.2.10", port: 5060 };

export interface Wire {
  /** The end of the image. */
  readonly ended: Promise<Outcome>;
  /** What the phone sends next, of what `read` understands; @throws Error when the image has ended */
  next<T>(read: (packet: Packet) => T | undefined): Promise<T>;
  send(packet: Packet): void;
  /** Sends bytes as if they were an IPv4 packet. */
  put(payload: Buffer): void;
  /** So many machines ask the phone, by ARP, who it is. */
  flood(count: number): void;
  /** Another machine has the address of the host from now on, and says so to all. RFC 5227 §3. */
  takeOver(): void;
}

/** @param boot starts the image; `nic` is what QEMU is told */
export async function openWire(boot: (nic: LanSocket["nic"]) => Promise<Outcome>): Promise<Wire> {
  const service = { handle: () => ({ kind: "lost" }) as const };
  const station = new Station({ name: "host", hardware: "025f0000000a", ...HOST, service });
  const lan = new Lan([station], new Network(["host"], new Random(1), () => PHONE));
  let { hardware } = station.options;
  const heard: Packet[] = [];
  let wake = () => {};
  const socket = await LanSocket.open({
    lan,
    now: () => performance.now(),
    onFrame: (bytes, way) => {
      const frame = readFrame(bytes);
      const isToHost = way === "to" && frame?.to === hardware;
      const packet = isToHost ? readPacket(frame.payload) : undefined;
      if (packet !== undefined) heard.push(packet);
      // After the station has learned where the phone is.
      setImmediate(() => wake());
    },
  });
  let isOver = false;
  const ended = boot((model) => socket.nic(model)).finally(() => {
    isOver = true;
    socket.close();
    wake();
  });
  const put = (payload: Buffer) => {
    const frame = station.frameOf({ from: HOST.address, to: PHONE.address, protocol: 0, payload });
    if (frame === undefined) throw new Error("the phone was not heard yet");
    socket.send(lan.deliver(station, { frame: { ...frame, payload }, delayMs: 0 }));
  };
  const next = async <T>(read: (packet: Packet) => T | undefined): Promise<T> => {
    for (;;) {
      for (let packet = heard.shift(); packet !== undefined; packet = heard.shift()) {
        const found = read(packet);
        if (found !== undefined) return found;
      }
      if (isOver) throw new Error(`the image has ended: ${JSON.stringify(await ended)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const tellAll = (arp: Arp) => {
    const frame = { to: BROADCAST, from: arp.sender, type: TYPE_ARP, payload: writeArp(arp) };
    socket.send(lan.deliver(station, { frame, delayMs: 0 }));
  };
  const flood = (count: number) => {
    for (let at = 0; at < count; at++)
      tellAll({
        kind: "request",
        sender: `025f00000${(0x100 + at).toString(16)}`,
        senderAddress: `192.0.2.${110 + at}`,
        target: BROADCAST,
        targetAddress: PHONE.address,
      });
  };
  const takeOver = () => {
    hardware = "025f000000bb";
    const addresses = { senderAddress: HOST.address, targetAddress: HOST.address };
    tellAll({ kind: "reply", sender: hardware, target: BROADCAST, ...addresses });
  };
  return { ended, next, send: (packet) => put(writePacket(packet)), put, flood, takeOver };
}
