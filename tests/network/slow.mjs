// A slow way to a server, over UDP and TCP: node slow.mjs PORT ADDRESS SERVER_PORT DELAY_MS. Everything is
// passed on unread, each way, after the delay; netem would do it where a kernel has it. Above: router.ts.

import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

const [port, address, serverPort, delayMs] = process.argv
  .slice(2)
  .map((word, at) => (at === 1 ? word : Number(word)));

const outside = new Map();
const inside = createSocket("udp4", (bytes, { address: from, port: fromPort }) => {
  const key = `${from} ${fromPort}`;
  let socket = outside.get(key);
  if (socket === undefined) {
    socket = createSocket("udp4", (answer) => setTimeout(() => inside.send(answer, fromPort, from), delayMs));
    outside.set(key, socket);
  }
  setTimeout(() => socket.send(bytes, serverPort, address), delayMs);
});

const listener = createServer({ allowHalfOpen: true }, (one) => {
  const other = connect({ host: address, port: serverPort, allowHalfOpen: true });
  passOn(one, other);
  passOn(other, one);
});

function passOn(from, to) {
  from.on("data", (bytes) => setTimeout(() => to.write(bytes), delayMs));
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.on("error", () => setTimeout(() => to.destroy(), delayMs));
}

inside.bind(port, () => listener.listen(port, () => console.log("ready")));
