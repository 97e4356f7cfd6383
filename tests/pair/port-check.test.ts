// The check of a port on real sockets: what arrives while it is open is never answered, who holds it is told, and it is
// free for another process when the check is over.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { checkPorts, type Port } from "../../host/node/pair/port-check.ts";
import { freePorts } from "../host/ports.ts";
import { Running } from "../host/running.ts";

const ADDRESS = "127.0.0.1";
const TRANSPORTS = ["udp", "tcp", "tls"] as const;

const REGISTER = Buffer.from(
  [
    "REGISTER sip:test.invalid SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKprobe;rport",
    "From: <sip:6000@test.invalid>;tag=1",
    "To: <sip:6000@test.invalid>",
    "Call-ID: probe",
    "CSeq: 1 REGISTER",
    "Max-Forwards: 70",
    "Content-Length: 0",
    "\r\n",
  ].join("\r\n"),
);

/** Another process that opens the port, says so, and keeps it. */
async function hold(context: TestContext, { transport, port }: Port): Promise<Running> {
  const script =
    transport === "udp"
      ? `require("node:dgram").createSocket("udp4").bind(${port}, "${ADDRESS}", () => console.log("open"))`
      : `require("node:net").createServer().listen(${port}, "${ADDRESS}", () => console.log("open"))`;
  const program = new Running(process.execPath, ["-e", script]);
  context.after(() => program.child.kill("SIGKILL"));
  await program.until(({ stdout }) => stdout.includes("open"));
  return program;
}

/** Sends a REGISTER to the port. @returns every byte that comes back within 500 ms, however late the port closes */
async function answersTo(port: Port, stillOpenMs: number): Promise<{ bytes: number; window: Promise<void> }> {
  const heard = { bytes: 0, window: new Promise<void>((resolve) => setTimeout(resolve, stillOpenMs)) };
  if (port.transport === "udp") {
    const socket = createSocket("udp4").on("message", (bytes) => {
      heard.bytes += bytes.length;
    });
    socket.on("error", () => {});
    socket.send(REGISTER, port.port, port.address);
    setTimeout(() => socket.close(), 500);
  } else {
    const socket = connect(port.port, port.address, () => socket.write(REGISTER));
    socket.on("data", (bytes) => {
      heard.bytes += bytes.length;
    });
    socket.on("error", () => {});
    setTimeout(() => socket.destroy(), 500);
  }
  return heard;
}

for (const transport of TRANSPORTS) {
  test(`${transport}: a REGISTER sent while the port is open stays unanswered, and the port is free afterwards`, async (context) => {
    const port: Port = { address: ADDRESS, port: await freePorts(), transport };
    let heard = { bytes: -1, window: Promise.resolve() };
    const why = await checkPorts([port], async () => {
      heard = await answersTo(port, 300);
      await heard.window;
    });
    assert.equal(why, undefined);
    await hold(context, port); // it tries once
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(heard.bytes, 0);
  });

  test(`${transport}: a foreign process on the port is told by address, port and transport`, async (context) => {
    const port: Port = { address: ADDRESS, port: await freePorts(), transport };
    const program = await hold(context, port);
    assert.equal(
      await checkPorts([port]),
      `127.0.0.1:${port.port} over ${transport} cannot be opened: EADDRINUSE: another program holds it; end that one, or give this node another port`,
    );
    program.child.kill("SIGKILL");
    await once(program.child, "exit");
    assert.equal(await checkPorts([port]), undefined, "and is found free when it has gone");
  });
}

test("each port is checked: the second one that is taken is found", async (context) => {
  const port = await freePorts();
  await hold(context, { address: ADDRESS, port, transport: "tcp" });
  const why = await checkPorts(TRANSPORTS.map((transport) => ({ address: ADDRESS, port, transport })));
  assert.match(why ?? "", /over tcp cannot be opened: EADDRINUSE/);
});

test("an address that this machine does not have is told, with the way out", async () => {
  // RFC 5737: an address of documentation is nobody's.
  const why = await checkPorts([{ address: "192.0.2.1", port: 5060, transport: "udp" }]);
  assert.match(
    why ?? "",
    /^192\.0\.2\.1:5060 over udp cannot be opened: EADDRNOTAVAIL: .*correct the address/,
  );
});
