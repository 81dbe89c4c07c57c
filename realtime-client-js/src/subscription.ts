import { reportError, tell } from './application.js';
import { backfill, type FetchPage, type Hole, type HoleOwner } from './backfill.js';
import type { BackoffPolicy } from './backoff.js';
import { RealtimeError } from './errors.js';
import type { WirePage } from './http.js';
import { messageOfFrame, messageOfPage, positionOf, type Headers, type WireMessage } from './message.js';
import { nameOf } from './names.js';
import * as guard from './order-guard.js';
import { decideRecovery, recoveryHeaders } from './recovery.js';
import { StateLoader, type LoadState } from './state-loader.js';
import type { MessageHandler, Position, RealtimeMessage, Signal, SubscribeOptions, Subscription } from './types.js';

/** A hole waits so long for late arrivals before it is fetched, milliseconds. */
const HOLE_WAIT_MS = 250;

/** Parsing waits until a message's turn, so that a bad payload costs that message alone. */
type Parse = () => RealtimeMessage;

export interface StreamContext {
  readonly fetchPage: (topic: string, ...args: Parameters<FetchPage>) => Promise<WirePage>;
  readonly backoff: BackoffPolicy;
  /** A message is about to be handed over. */
  arrived(message: RealtimeMessage): void;
  /** The position has moved. */
  moved(): void;
  /** It is about to be forgotten. */
  leaving(): void;
  unsubscribe(stream: Stream): void;
}

/** What only the client itself may ask for. */
export interface StreamOptions extends SubscribeOptions {
  /** Where the state comes from, for `snapshot`. */
  readonly load?: LoadState;
  /** Whether its position is kept in the application's store. */
  readonly stored?: boolean;
}

/** One subscription: the guard's state, and the hands that do what the pure functions decide. */
export class Stream implements Subscription, HoleOwner {
  readonly stored: boolean;
  /** The server said that it can never be subscribed as it is. */
  malformed = false;
  #order: guard.OrderState<Parse>;
  #delivered: Position | undefined;
  /** What the SUBSCRIBE under way asked to continue after. */
  #asked: Position | undefined;
  /** Of the topic; for other destinations the RECEIPT tells it. */
  #name: string;
  #backfill: AbortController | undefined;
  /** The hole that waits for late arrivals, by where it begins. */
  #waiting: { readonly after: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  readonly #loader: StateLoader | undefined;
  #confirmed = false;
  #open = true;

  constructor(
    readonly id: string,
    readonly destination: string,
    private readonly handler: MessageHandler<unknown>,
    private readonly options: StreamOptions,
    private readonly context: StreamContext,
  ) {
    this.stored = options.stored ?? false;
    this.#order = guard.startAt((this.#delivered = options.position));
    this.#name = nameOf(destination) ?? destination;
    const { load, snapshot } = options;
    if (load && snapshot) {
      this.#loader = new StateLoader(load, context.backoff, {
        loaded: (state, position) => this.#onState(() => snapshot(state, position), position),
        failed: (error) => this.failed(error),
      });
    }
  }

  get position(): Position | undefined {
    return this.#delivered;
  }

  /** The topic's name, as far as it is known. */
  get topic(): string {
    return this.#name;
  }

  /** The server has confirmed it on the present connection. */
  get confirmedNow(): boolean {
    return this.#confirmed;
  }

  get hole(): Hole | undefined {
    return this.#open && !this.#loader?.stale ? guard.holeOf(this.#order) : undefined;
  }

  /** The state is to be loaded anew. */
  reload(): void {
    if (this.#open) this.#loader?.reload();
  }

  unsubscribe(): void {
    if (!this.#open) return;
    this.context.leaving();
    this.stop();
    this.context.unsubscribe(this);
  }

  stop(): void {
    this.#open = false;
    this.#abort();
  }

  /** Calls back when it may be subscribed: at once, or when the state is loaded that it continues from. */
  prepare(ready: () => void, refused: () => void): void {
    if (this.#loader) this.#loader.prepare(ready, refused);
    else ready();
  }

  subscribeHeaders(): Record<string, string> {
    this.#asked = this.#order.position;
    return { ...this.options.headers, ...recoveryHeaders(this.#order.position, this.options.rewind) };
  }

  confirmed(receipt: Headers): void {
    if (!this.#open) return;
    this.#confirmed = true;
    this.#name = receipt['topic'] ?? this.#name;
    const rewound = !this.#asked && this.options.rewind !== undefined;
    const { position, recovery } = decideRecovery(this.#asked, rewound, receipt);
    if (recovery?.recovered === false || !this.#order.position) {
      this.#order = guard.startAt(position);
      this.#delivered = position;
    } else if (position?.epoch === this.#order.position.epoch) {
      this.#apply(guard.settle(this.#order, position.seq));
    }
    // What a state without a position lacked may have come between it and this RECEIPT.
    if (recovery?.recovered === false || !this.#asked) this.#loader?.reload();
    if (recovery) this.#tell(() => this.options.onRecovered?.(recovery));
    this.context.moved();
  }

  /** The connection is gone; the next SUBSCRIBE names the position. */
  lost(): void {
    this.#confirmed = false;
    this.#abort();
    this.#order = guard.forgetHeld(this.#order);
  }

  message(headers: Headers, body: string | WireMessage): void {
    if (!this.#open) return;
    const at = positionOf(headers);
    const parse: Parse = () =>
      typeof body === 'string' ? messageOfFrame(headers, body, this.#name) : messageOfPage(body, this.#name, at?.epoch ?? '');
    if (!at) this.#hand(parse);
    else if (this.#loader?.stale) this.#keep(at, parse);
    else this.#apply(guard.acceptMessage(this.#order, at, parse));
  }

  /** A message has come without the end of its body: the log has it whole. */
  cutOff(headers: Headers): void {
    const at = positionOf(headers);
    if (at) this.#apply(guard.acceptLoss(this.#order, at));
    else this.failed(new RealtimeError('payload', 'A message came without the end of its body, and is in no log'));
  }

  signal(signal: Signal): void {
    if (this.#open) this.#tell(() => this.options.onSignal?.(signal));
  }

  gap(gap: guard.GapRange): void {
    if (!this.#open) return;
    // The state that is being loaded is newer than any gap told now, unless the server answers from an older node.
    if (this.#loader?.stale) this.#loader.reload();
    else this.#apply(guard.acceptGap(this.#order, gap));
  }

  fill(page: WirePage): boolean {
    const before = this.#order.position;
    if (page.epoch !== before?.epoch) return true; // Moved on meanwhile; the page is of no use.
    for (const wire of page.messages) {
      const at = { epoch: page.epoch, seq: wire.seq };
      if (this.#loader?.stale) return true;
      this.#apply(guard.settle(this.#order, wire.seq - 1));
      this.#apply(guard.acceptMessage(this.#order, at, () => messageOfPage(wire, this.#name, page.epoch)));
    }
    this.#apply(guard.settle(this.#order, page.through));
    return this.#order.position !== before;
  }

  giveUp(hole: Hole, reason: string, upTo?: number): void {
    const now = this.hole;
    if (now?.epoch === hole.epoch && now.after === hole.after) this.#apply(guard.skip(this.#order, reason, upTo));
  }

  failed(error: unknown): void {
    if (this.#open) reportError(this.options.onError, error);
  }

  #tell(call: () => void | Promise<void>): void {
    tell(call, (error) => this.failed(error));
  }

  #hand(parse: Parse): void {
    this.#tell(() => {
      const message = parse();
      this.context.arrived(message);
      return this.handler(message);
    });
  }

  #apply({ state, outputs }: guard.Step<Parse>): void {
    this.#order = state;
    for (const output of outputs) {
      if (!this.#open) return;
      if (output.kind === 'gap') {
        this.#delivered = { epoch: output.gap.epoch, seq: output.gap.to };
        this.#tell(() => this.options.onGap?.({ topic: this.#name, ...output.gap }));
        this.#loader?.reload();
      } else if (this.#loader?.stale) {
        this.#keep(output.position, output.message);
      } else {
        this.#delivered = output.position;
        this.#hand(output.message);
      }
    }
    if (!this.#open || this.#loader?.stale) return;
    this.#delivered = state.position;
    if (outputs.length > 0) this.context.moved();
    this.#fillHole();
  }

  /** Live goes on while the state is loaded: it waits in order, and what does not fit is fetched afterwards. */
  #keep(at: Position, parse: Parse): void {
    const before = this.#order.position?.epoch;
    this.#order = guard.keep(this.#order, at, parse);
    // A state of the old numbering would be of no use.
    if (before !== undefined && before !== at.epoch) this.#loader?.reload();
  }

  #onState(give: () => void | Promise<void>, position: Position | undefined): void {
    if (!this.#open) return;
    const at = position ?? this.#order.position;
    if (position) this.#delivered = position;
    this.#tell(give);
    if (at && this.#open) this.#apply(guard.rebase(this.#order, at));
    this.context.moved();
  }

  #fillHole(): void {
    const { hole } = this;
    if (this.#waiting && this.#waiting.after !== hole?.after) {
      clearTimeout(this.#waiting.timer);
      this.#waiting = undefined;
    }
    if (!hole || this.#backfill || this.#waiting) return;
    const timer = setTimeout(() => {
      this.#waiting = undefined;
      this.#fetchHole();
    }, HOLE_WAIT_MS);
    this.#waiting = { after: hole.after, timer };
  }

  #fetchHole(): void {
    if (!this.hole) return;
    const abort = new AbortController();
    this.#backfill = abort;
    const fetchPage: FetchPage = (hole, signal) => this.context.fetchPage(this.#name, hole, signal);
    void backfill(this, fetchPage, this.context.backoff, abort.signal).finally(() => {
      if (this.#backfill !== abort) return;
      this.#backfill = undefined;
      this.#fillHole();
    });
  }

  #abort(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
    this.#backfill?.abort();
    this.#backfill = undefined;
    this.#loader?.abort();
  }
}
