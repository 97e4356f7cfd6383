// Tells the service manager how a node is: sd_notify(3), for a unit of Type=notify with NotifyAccess=all.
//
// The words go to a datagram socket of the local kind, which Node cannot send to. So systemd-notify(1) says them: it
// is there wherever NOTIFY_SOCKET is set by systemd itself. DESIGN.md D37. Above: whoever starts a node.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { codeOf } from "../error.ts";

const run = promisify(execFile);
const PROGRAM = "systemd-notify";
/** It waits until the manager has read the words; a manager that hangs must not hold a node up. */
const LONGEST_MS = 5000;

export class Notifier {
  readonly #socket: string | undefined;
  readonly #onRemark: (text: string) => void;
  #last: Promise<void> = Promise.resolve();
  #status = "";
  #isReady = false;

  /** @param socket NOTIFY_SOCKET; undefined or empty: nobody asks, and nothing is ever run */
  constructor(socket: string | undefined, onRemark: (text: string) => void) {
    this.#socket = socket;
    this.#onRemark = onRemark;
  }

  /**
   * Says it if it is news; what was said before arrives before it.
   * @param status one line for people
   * @param isReady the start is over, which is said once in a life
   */
  tell(status: string, isReady: boolean): void {
    const becomesReady = isReady && !this.#isReady;
    if (!this.#socket || (status === this.#status && !becomesReady)) return;
    this.#status = status;
    this.#isReady ||= isReady;
    this.#send([...(becomesReady ? ["--ready"] : []), `--status=${status}`]);
  }

  /** The node ends. @returns when every word has arrived, or cannot */
  async stop(): Promise<void> {
    if (this.#socket) this.#send(["STOPPING=1"]);
    await this.#last;
  }

  #send(words: readonly string[]): void {
    const env = { ...process.env, NOTIFY_SOCKET: this.#socket };
    this.#last = this.#last
      .then(() => run(PROGRAM, words, { env, timeout: LONGEST_MS }))
      .then(
        () => {},
        (error: unknown) => this.#onRemark(`the service manager was not told (${PROGRAM}: ${codeOf(error)})`),
      );
  }
}
