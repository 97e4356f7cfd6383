// One end of replication on a socket: its bytes go to a peer of host/pbx/directory, and what that says comes back.
//
// Above: replication-server.ts, replication-client.ts.
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Directory } from "../../pbx/directory/directory.ts";
import { Peer, type Session } from "../../pbx/directory/peer.ts";
import { Trouble } from "../../pbx/directory/trouble.ts";
import { every } from "../clock.ts";

/** Looks for silence, and says that we live. */
const LOOK_MS = 1000;

export interface Carried {
  readonly socket: Socket;
  readonly session: Session;
  readonly directory: Directory;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  /** Once something was said or heard; whoever shows the state looks again. */
  readonly onWord?: () => void;
  /** Once; the socket is closed already. */
  readonly onEnd: (trouble: Trouble) => void;
}

/**
 * Carries a session over a socket that is up until one of them ends.
 * @returns ends it without a word
 */
export function carry({ socket, session, directory, now, onWord, onEnd }: Carried): () => void {
  const peer = new Peer(session, now());
  let isOver = false;
  const end = (trouble: Trouble): void => {
    if (isOver) return;
    stop();
    socket.destroySoon(); // a refusal is on its way
    onEnd(trouble);
  };
  const say = (bytes: Uint8Array): void => {
    if (isOver) return;
    if (bytes.length > 0) socket.write(bytes);
    if (peer.trouble) end(peer.trouble);
  };
  const pump = (): void => say(peer.pump(now()));
  const calls = [every(LOOK_MS, pump), directory.watch(pump)];
  const stop = (): void => {
    isOver = true;
    for (const call of calls) call();
  };
  socket.setNoDelay(true);
  socket.on("data", (bytes: Buffer) => {
    if (isOver) return;
    say(peer.feed(bytes, now()));
    onWord?.();
  });
  socket.on("error", (error) => end(new Trouble("closed", error.message)));
  socket.on("close", () => end(new Trouble("closed")));
  pump();
  return () => {
    stop();
    socket.destroy();
  };
}

/** Names the TLS connection itself, the same at both ends of it and nowhere else, RFC 9266; "" without TLS. */
export function bindingOf(socket: Socket): string {
  if (!(socket instanceof TLSSocket)) return "";
  return socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)).toString("hex");
}
