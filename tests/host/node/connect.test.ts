// Opening a connection over TCP and TLS: every way it can fail has a reason of its own, and a remark that says what to do.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import { Authority, type Issued, type Names, selfSigned } from "../../../host/node/certificates.ts";
import { open } from "../../../host/node/connect.ts";
import { HostError } from "../../../host/node/error.ts";
import { readAuthorities, type Security, tlsRemark } from "../../../host/node/tls.ts";
import { temporaryFolder } from "../folder.ts";
import { freePorts } from "../ports.ts";

const HOST = "sip.example.test";
const dns = (value: string) => ({ type: "dns", value }) as const;
const ip = (value: string) => ({ type: "ip", value }) as const;
const uri = (value: string) => ({ type: "url", value }) as const;

let ours: Authority;
let other: Authority;

before(async () => {
  [ours, other] = await Promise.all([Authority.create(), Authority.create("Somebody Else")]);
});

interface Result {
  /** "up", or why it failed. */
  readonly how: string;
  readonly remark: string;
  readonly socket?: Socket;
}

function opened(t: TestContext, port: number, security?: Security, address = "127.0.0.1"): Promise<Result> {
  return new Promise((resolve) => {
    open({
      to: { address, port },
      security,
      onUp: (socket) => {
        t.after(() => socket.destroy());
        resolve({ how: "up", remark: "", socket });
      },
      onFailure: (how, remark) => resolve({ how, remark }),
    });
  });
}

async function listening(t: TestContext, server: Server): Promise<number> {
  server.on("tlsClientError", () => {}); // the phone turned us down
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function tlsServer(t: TestContext, issued: Issued, options: TlsOptions = {}): Promise<number> {
  return listening(t, createTlsServer({ key: issued.key, cert: issued.certificate, ...options }));
}

/** Opens towards a server that shows that certificate, as `host` of the configuration. */
async function shown(t: TestContext, issued: Issued, host = HOST, ca = [ours.certificate]): Promise<Result> {
  return opened(t, await tlsServer(t, issued), { host, ca });
}

describe("over TCP", () => {
  test("it is up as soon as it is connected", async (t) => {
    const result = await opened(t, await listening(t, createServer()));
    assert.equal(result.how, "up");
  });

  test("a closed port is a refusal", async (t) => {
    const port = await freePorts();
    const { how, remark } = await opened(t, port);
    assert.equal(how, "refused");
    assert.equal(remark, `no connection to 127.0.0.1 port ${port}: nothing listens there`);
  });

  test("a host without a way to it is a refusal", async (t) => {
    // Nobody can be connected to a broadcast address: the system says so at once.
    const { how, remark } = await opened(t, 5060, undefined, "255.255.255.255");
    assert.equal(how, "refused");
    assert.equal(remark, "no connection to 255.255.255.255 port 5060: there is no way to that network");
  });
});

describe("over TLS", () => {
  test("a good certificate is up, encrypted, and asked for by name", async (t) => {
    const issued = await ours.issue({ names: [dns(HOST)] });
    const names: unknown[] = [];
    const server = createTlsServer({ key: issued.key, cert: issued.certificate }, (socket) => {
      names.push((socket as TLSSocket & { servername: unknown }).servername);
    });
    const port = await listening(t, server);
    const seen = once(server, "secureConnection");
    const { how, socket } = await opened(t, port, { host: HOST, ca: [ours.certificate] });
    assert.equal(how, "up");
    await seen;
    assert.deepEqual(names, [HOST]);
    assert.match((socket as TLSSocket).getProtocol() ?? "", /^TLSv1\.[23]$/);
  });

  test("a closed port is a refusal here too", async (t) => {
    const port = await freePorts();
    const { how } = await opened(t, port, { host: HOST, ca: [ours.certificate] });
    assert.equal(how, "refused");
  });

  const today = new Date().toISOString().slice(0, 10);

  test("an expired certificate says so, and what the clock says", async (t) => {
    const { how, remark } = await shown(t, await ours.issue({ names: [dns(HOST)], days: [-9, -1] }));
    assert.equal(how, "tlsExpired");
    assert.match(
      remark,
      new RegExp(`has expired by the clock of this machine, which says ${today} .* UTC; .*set the clock`),
    );
  });

  test("one that is not valid yet, as all are for a clock in 1970, has the same reason", async (t) => {
    const { how, remark } = await shown(t, await ours.issue({ names: [dns(HOST)], days: [1, 9] }));
    assert.equal(how, "tlsExpired");
    assert.match(remark, new RegExp(`is not valid yet by the clock of this machine, which says ${today}`));
  });

  test("a self signed certificate, an unknown authority and one that Node does not bring are untrusted", async (t) => {
    for (const issued of [await selfSigned(HOST), await other.issue({ names: [dns(HOST)] })]) {
      const { how, remark } = await shown(t, issued);
      assert.equal(how, "tlsUntrusted");
      assert.match(remark, /nobody we trust has signed its certificate .*tlsCaFile/);
    }
    const port = await tlsServer(t, await ours.issue({ names: [dns(HOST)] }));
    assert.equal((await opened(t, port, { host: HOST, ca: undefined })).how, "tlsUntrusted");
  });

  test("two authorities are both trusted", async (t) => {
    const both = [ours.certificate, other.certificate];
    for (const authority of [ours, other]) {
      assert.equal((await shown(t, await authority.issue({ names: [dns(HOST)] }), HOST, both)).how, "up");
    }
  });

  test("a server below TLS 1.2 is turned down, and so is one without TLS", async (t) => {
    const issued = await ours.issue({ names: [dns(HOST)] });
    const old = await tlsServer(t, issued, {
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    const plain = await listening(
      t,
      createServer((socket) => socket.write("SIP/2.0 200 OK\r\n\r\n")),
    );
    const closing = await listening(
      t,
      createServer((socket) => socket.destroy()),
    );
    for (const port of [old, plain, closing]) {
      const { how, remark } = await opened(t, port, { host: HOST, ca: [ours.certificate] });
      assert.equal(how, "tls");
      assert.match(remark, /^the TLS handshake failed \(\w+\); does it speak TLS 1\.2 or later/);
    }
  });

  test("a handshake that stalls is called off without a word", async (t) => {
    const server = createServer();
    const port = await listening(t, server);
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const told: string[] = [];
    const callOff = open({
      to: { address: "127.0.0.1", port },
      security: { host: HOST, ca: [ours.certificate] },
      onUp: () => told.push("up"),
      onFailure: (how) => told.push(how),
    });
    const [peer] = await accepted;
    await once(peer, "data"); // the ClientHello
    const closed = new Promise((resolve) => peer.once("close", resolve));
    callOff();
    await closed;
    assert.deepEqual(told, []);
  });
});

/** A row: what the certificate says, the configured host, and whether it may be. RFC 5922 §7.1, RFC 9525 §6.3. */
const NAMES: readonly (readonly [what: string, issued: Names, host: string, how: "up" | "tlsName"])[] = [
  ["the DNS name", { names: [dns(HOST)] }, HOST, "up"],
  ["the DNS name in other letters", { names: [dns(HOST.toUpperCase())] }, HOST, "up"],
  ["one of several", { names: [dns("a.test"), dns(HOST), ip("127.0.0.1")] }, HOST, "up"],
  ["another name", { names: [dns("sip.example.org")] }, HOST, "tlsName"],
  ["a name above it", { names: [dns("example.test")] }, HOST, "tlsName"],
  ["a name below it", { names: [dns(`a.${HOST}`)] }, HOST, "tlsName"],
  ["a wildcard for its first label", { names: [dns("*.example.test")] }, HOST, "up"],
  ["a wildcard for two labels", { names: [dns("*.test")] }, HOST, "tlsName"],
  ["a wildcard where nothing stands", { names: [dns(`*.${HOST}`)] }, HOST, "tlsName"],
  ["a SIP URI", { names: [uri(`sip:${HOST}`)] }, HOST, "up"],
  ["a SIP URI of a user", { names: [uri(`sip:6000@${HOST}`)] }, HOST, "tlsName"],
  ["the URI of another scheme", { names: [uri(`https://${HOST}`)] }, HOST, "tlsName"],
  ["the common name, without any other", { subject: HOST }, HOST, "up"],
  ["the common name beside another name", { subject: HOST, names: [dns("a.test")] }, HOST, "tlsName"],
  ["the address it was found at, and not its name", { names: [ip("127.0.0.1")] }, HOST, "tlsName"],
  ["the address that is configured", { names: [ip("127.0.0.1")] }, "127.0.0.1", "up"],
  ["another address", { names: [ip("127.0.0.2")] }, "127.0.0.1", "tlsName"],
  ["an address written as a name", { names: [dns("127.0.0.1")] }, "127.0.0.1", "tlsName"],
  ["an address in a SIP URI", { names: [uri("sip:127.0.0.1")] }, "127.0.0.1", "tlsName"],
  ["an address as common name", { subject: "127.0.0.1" }, "127.0.0.1", "tlsName"],
  ["an IPv6 address in another spelling", { names: [ip("2001:db8::1")] }, "2001:db8:0::1", "up"],
];

describe("whose name the certificate has", () => {
  for (const [what, names, host, how] of NAMES) {
    test(`${what}: ${how}`, async (t) => {
      const result = await shown(t, await ours.issue(names), host);
      assert.equal(result.how, how);
      if (how === "tlsName")
        assert.match(result.remark, new RegExp(`its certificate is not for ${host} \\(`));
    });
  }
});

test("the remark about dates tells a clock that was never set", () => {
  const error = Object.assign(new Error(""), { code: "CERT_NOT_YET_VALID" });
  assert.equal(
    tlsRemark("tlsExpired", HOST, error, new Date(42_000)),
    "its certificate is not valid yet by the clock of this machine, which says 1970-01-01 00:00 UTC; if that is wrong set the clock, else renew the certificate",
  );
});

describe("the file of authorities", () => {
  const refused = (text: string | undefined, message: RegExp): void => {
    const path = join(temporaryFolder(), "ca.pem");
    if (text !== undefined) writeFileSync(path, text);
    assert.throws(
      () => readAuthorities(path),
      (error) => error instanceof HostError && error.code === "ca-file" && message.test(error.message),
    );
  };

  test("may hold several, and remarks between them", () => {
    const path = join(temporaryFolder(), "ca.pem");
    writeFileSync(path, `# ours\n${ours.certificate}\n# theirs\r\n${other.certificate}\n`);
    assert.deepEqual(readAuthorities(path), [ours.certificate, other.certificate]);
  });

  test("is refused with its name when it is missing, empty or torn", () => {
    refused(undefined, /^tlsCaFile = .*ca\.pem cannot be read \(ENOENT\); write the authority's/);
    refused("", /holds no certificate/);
    refused(
      "-----BEGIN CERTIFICATE-----\nxxxx\n-----END CERTIFICATE-----\n",
      /holds a certificate that is torn/,
    );
  });
});
