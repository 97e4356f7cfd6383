// The class Phone of the public API: what it can be asked, and what becomes of it.
//
// Below: host/node, which has the sockets; host/core, which has the agent. Above: index.ts.
import { EventEmitter } from "node:events";
import { describeError } from "../config/error.ts";
import { readConfigFile } from "../config/file.ts";
import type { Credentials, PhoneConfig } from "../config/model.ts";
import { withOption120 } from "../config/option120.ts";
import type { CommandName, PhoneEvent } from "../core/events.ts";
import { type CompiledModule, compile, load, moduleHash } from "../core/load.ts";
import type { LineState, ServerState } from "../core/view.ts";
import { shippedModule } from "../module.ts";
import type { Endpoint } from "../node/address.ts";
import { Carrier, type Report } from "../node/carrier.ts";
import { after } from "../node/clock.ts";
import { HostError } from "../node/error.ts";
import { randomHex } from "../node/identity.ts";
import { recordTo } from "../node/record-file.ts";
import type { Recorder } from "../record/recorder.ts";
import { Attached } from "../regevent/attach.ts";
import type { RouteSet } from "../sip/routes.ts";
import { VERSION } from "../version.ts";
import type { CallServer, PhoneEvents, PhoneOptions } from "./options.ts";

/**
 * A phone that stays registered.
 *
 * Lines are named by their number, servers `primary`, `backup1` .. `backup3`. Every command is harmless
 * in every state, and one without a line means every line; a name that does not exist is a RangeError.
 * A listener runs after the core has been served, so one that throws cannot harm the phone.
 */
export class Phone extends EventEmitter<PhoneEvents> {
  /** What it was made from. */
  readonly config: PhoneConfig;
  readonly #carrier: Carrier;
  readonly #userAgent: string;
  readonly #recorder: Recorder | undefined;
  readonly #served = new Set<string>();
  /** Lines that watch their registration, while that is on. */
  #watching: Attached | undefined;
  #state: "new" | "started" | "closed" = "new";
  /** What there is to say about the configuration, once somebody listens. */
  readonly #remark: string | undefined;
  /** Since stop() was called: the end of it. */
  #stopped: Promise<void> | undefined;

  /**
   * @param config a configuration, or the path of a file with one (docs/example.toml)
   * @throws HostError "config": the file has mistakes; the message names each, a line for each
   */
  constructor(config: PhoneConfig | string, options: PhoneOptions = {}) {
    super();
    const written = typeof config === "string" ? configOf(config) : config;
    const { dhcpOption120: payload } = options;
    const told = payload && withOption120(written, payload);
    this.config = told?.config ?? written;
    this.#remark = told?.remark;
    this.#userAgent = options.userAgent ?? `standfast/${VERSION}`;
    const module = options.module === undefined ? shippedModule() : compile(options.module);
    this.#recorder = this.#recorderFor(options, module);
    this.#carrier = new Carrier({
      config: this.config,
      load: () => load(module, this.#recorder?.wrap),
      moduleHash: moduleHash(module),
      userAgent: this.#userAgent,
      report: (report) => this.#report(report),
      ...(options.lookup && { lookup: options.lookup }),
      ...(options.stateFile !== undefined && { stateFile: options.stateFile }),
      ...(options.snapshot && { snapshot: options.snapshot }),
      ...(options.snapshotFile !== undefined && { snapshotFile: options.snapshotFile }),
    });
  }

  /**
   * Finds the servers, takes the local port and begins to register. It returns when the first request
   * may go out, not when the phone is in service: `whenInService` waits for that.
   * @throws HostError: of no server does the name exist, or no port is free. Nothing is left open.
   */
  async start(): Promise<void> {
    if (this.#state !== "new") throw new HostError("state", "a phone starts once; make a new one");
    this.#state = "started";
    if (this.#remark) this.emit("notice", this.#remark);
    try {
      await this.#carrier.start();
      if (this.config.registerSubscription?.on) this.#watching = this.#attach();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Wall-clock time of the start: the zero of `t` in events. undefined before it. */
  get startedAt(): Date | undefined {
    return this.#carrier.startedAt;
  }

  /** Time since the start, ms; comparable to `t` of events. 0 before it. */
  get elapsedMs(): number {
    return this.#carrier.elapsedMs;
  }

  /** The local port that everything is sent from; 0 before the start. */
  get localPort(): number {
    return this.#carrier.localPort;
  }

  /** Where a server was found; undefined while its name has no address. */
  endpointOf(server: string): Endpoint | undefined {
    return this.#carrier.endpointOf(this.#rankOf(server));
  }

  /**
   * What a server said with its last grant about the way of other requests; empty lists before, and after
   * `restart`. `serviceRoute` is the Route of requests that the phone's own stack begins there.
   */
  routesOf(server: string): RouteSet {
    this.#rankOf(server);
    return this.#carrier.agent.routes(server);
  }

  /** Every line as it is now: state, server, lease, what is due next. */
  lines(): readonly LineState[] {
    this.#carrier.feed({ kind: "tick" });
    return this.#carrier.agent.lines();
  }

  /** Every server as it is now, by rank. */
  servers(): readonly ServerState[] {
    this.#carrier.feed({ kind: "tick" });
    return this.#carrier.agent.servers();
  }

  /** The last decisions on a line, at most 16, newest first. */
  decisions(line: string): readonly PhoneEvent[] {
    return this.#carrier.agent.decisions(this.#known(line));
  }

  /** Registers again now. */
  refresh(line?: string): void {
    this.#order("refresh", line);
  }

  /** Ends pins, holds and damping once: back to the best server that answers. Calls still defer it. */
  returnNow(line?: string): void {
    this.#order("returnNow", line);
  }

  /** Moves to that server and stays there until it fails or `returnNow` is called. */
  moveTo(server: string, line?: string): void {
    this.#rankOf(server);
    this.#order("moveTo", line, server);
  }

  /**
   * A call began: moves back to a better server wait until it ends.
   * @returns the server that the call belongs to until it ends, whatever the line does meanwhile; undefined without a
   *          line, or while the line is out of service
   */
  callBegin(line?: string): CallServer | undefined {
    this.#order("callBegin", line);
    const server = this.lines().find((it) => it.line === line && it.state === "served")?.server;
    if (server === undefined) return undefined;
    const endpoint = this.endpointOf(server);
    const { outboundProxyInDialog } = this.config;
    return { server, ...(endpoint && { endpoint }), outboundProxyInDialog };
  }

  /** A call ended. */
  callEnd(line?: string): void {
    this.#order("callEnd", line);
  }

  /** A call failed: the binding is verified at once. */
  callFailed(line?: string): void {
    this.#order("callFailed", line);
  }

  /** The network of this machine is gone: nobody is blamed for it and nothing is sent. */
  linkDown(): void {
    this.#order("linkDown");
  }

  /** The network is there again, perhaps with another address of ours. */
  async linkUp(): Promise<void> {
    if (!this.#stopped) await this.#carrier.linkUp();
  }

  /**
   * All that the phone knows, for `snapshot` of a later one; no password. Calls count on there: `callEnd` those that
   * are over. undefined before the start and since `stop()`.
   */
  snapshot(): Uint8Array | undefined {
    return this.#carrier.snapshot();
  }

  /** Forgets everything learnt, as a boot does. */
  restart(): void {
    this.#order("restart");
  }

  /** Gives a line other credentials at a server; a line that was rejected there tries again. */
  setCredentials(line: string, server: string, held: Credentials): void {
    this.#rankOf(server);
    this.#known(line);
    if (this.#stopped) return;
    this.#carrier.feed({ kind: "credentials", line, server, held });
    this.#watching?.setCredentials(line, this.#rankOf(server), held);
  }

  /** Removes the bindings and closes everything; takes at most one register timeout. */
  stop(): Promise<void> {
    if (this.#stopped) return this.#stopped;
    if (this.#state === "closed") return Promise.resolve();
    this.#stopped = new Promise((resolve) => this.once("stopped", () => resolve()));
    this.#watching?.stop();
    if (this.startedAt) this.#carrier.feed({ kind: "command", command: "stop" });
    else this.close();
    return this.#stopped;
  }

  /** Closes at once and sends nothing: bindings are left to lapse. */
  close(): void {
    this.#carrier.close();
  }

  /**
   * Waits until every line, or the one that is named, is in service.
   * @param withinMs gives up after that time; Infinity: never
   * @returns false when it gave up, or the phone stopped
   */
  whenInService(withinMs = Number.POSITIVE_INFINITY, line?: string): Promise<boolean> {
    const wanted = line === undefined ? this.config.lines.map(({ number }) => number) : [this.#known(line)];
    const isServed = (): boolean => wanted.every((number) => this.#served.has(number));
    if (isServed()) return Promise.resolve(true);
    if (this.#state === "closed") return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (): void => {
        this.off("event", look).off("stopped", end);
        forget();
        resolve(isServed());
      };
      const look = (): void => {
        if (isServed()) end();
      };
      const forget = after(withinMs, end);
      this.on("event", look).on("stopped", end);
    });
  }

  /**
   * Sends the phone's own SIP traffic from the port of the registration.
   * @param to a server by its name, or any address
   * @throws HostError when the server has no address yet, or before the start; or the system's error
   */
  async send(to: string | Endpoint, bytes: Uint8Array): Promise<void> {
    const endpoint = typeof to === "string" ? this.endpointOf(to) : to;
    if (!endpoint) throw new HostError("unresolved", `${to}: its name has no address yet`);
    await this.#carrier.sendTo(endpoint, bytes);
  }

  /** Drops every packet to and from a server inside this program: a drill that touches no server. */
  cutOff(server: string): void {
    this.#carrier.cut(this.#rankOf(server), true);
  }

  /** Ends `cutOff`. */
  letThrough(server: string): void {
    this.#carrier.cut(this.#rankOf(server), false);
  }

  /** A phone that is stopping takes no more orders. */
  #order(command: CommandName, line?: string, server?: string): void {
    const order = {
      ...(line !== undefined && { line: this.#known(line) }),
      ...(server !== undefined && { server }),
    };
    if (!this.#stopped) this.#carrier.feed({ kind: "command", command, ...order });
  }

  #report(report: Report): void {
    switch (report.kind) {
      case "event":
        this.#note(report.event);
        if (!this.#stopped) this.#watching?.note(report.event);
        this.emit("event", report.event);
        this.emit(report.event.type, report.event);
        return;
      case "datagram":
        if (this.#watching?.hear(report.bytes, report.server, report.from)) return;
        this.emit("datagram", report.bytes, report.from);
        return;
      case "routes":
        this.emit("routes", report.server, report.routes);
        return;
      case "refusal":
        this.emit("refusal", report.server, report.text);
        return;
      case "notice":
        this.emit("notice", report.text);
        return;
      case "closed":
        this.#state = "closed";
        this.#watching?.close();
        this.#recorder?.end();
        this.emit("stopped");
    }
  }

  #recorderFor({ recordFile: path }: PhoneOptions, module: CompiledModule): Recorder | undefined {
    const notice = (text: string): void => void this.emit("notice", text);
    return path === undefined ? undefined : recordTo({ path, config: this.config, module, notice });
  }

  /** DESIGN.md D21. */
  #attach(): Attached {
    const carrier = this.#carrier;
    const out = ["down", "cooling"];
    return new Attached({
      config: this.config,
      userAgent: this.#userAgent,
      instance: carrier.instance,
      random: { hex: randomHex, fraction: Math.random },
      now: () => carrier.elapsedMs,
      after,
      localTowards: (server) => carrier.localTowards(server),
      send: (server, bytes) => carrier.sendBeside(server, bytes),
      sendTo: (to, bytes) => void carrier.sendTo(to, bytes).catch(() => {}),
      isOut: (server) => out.includes(carrier.agent.servers()[server]?.health ?? ""),
      onLost: (line, why) => carrier.feed({ kind: "bindingLost", line, why }),
      onNotice: (text) => this.emit("notice", text),
    });
  }

  #note({ type, line }: PhoneEvent): void {
    if (line === undefined) return;
    if (type === "inService") this.#served.add(line);
    else if (type === "outOfService") this.#served.delete(line);
  }

  #rankOf(server: string): number {
    const names = this.config.servers.map(({ name }) => name);
    const rank = names.indexOf(server);
    if (rank < 0) throw new RangeError(`no server "${server}"; there are ${names.join(", ")}`);
    return rank;
  }

  #known(line: string): string {
    const numbers = this.config.lines.map(({ number }) => number);
    if (numbers.includes(line)) return line;
    throw new RangeError(`no line "${line}"; there are ${numbers.join(", ")}`);
  }
}

function configOf(path: string): PhoneConfig {
  const reading = readConfigFile(path);
  if (reading.kind === "accepted") return reading.config;
  throw new HostError("config", reading.errors.map(describeError).join("\n"));
}
