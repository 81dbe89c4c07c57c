import { reportError, tell } from './application.js';
import { backfill, type FetchPage, type Hole, type HoleOwner } from './backfill.js';
import type { BackoffPolicy } from './backoff.js';
import type { WirePage } from './http.js';
import { messageOfFrame, messageOfPage, positionOf, type Headers } from './message.js';
import * as guard from './order-guard.js';
import { decideRecovery, recoveryHeaders } from './recovery.js';
import type { MessageHandler, Position, RealtimeMessage, SubscribeOptions, Subscription } from './types.js';

/** Parsing waits until a message's turn, so that a bad payload costs that message alone. */
type Parse = () => RealtimeMessage;

export interface StreamContext {
  readonly fetchPage: (topic: string, ...args: Parameters<FetchPage>) => Promise<WirePage>;
  readonly backoff: BackoffPolicy;
  unsubscribe(stream: Stream): void;
}

/** One subscription: the guard's state, and the hands that do what the pure functions decide. */
export class Stream implements Subscription, HoleOwner {
  #order: guard.OrderState<Parse>;
  #delivered: Position | undefined;
  /** What the SUBSCRIBE under way asked to continue after. */
  #asked: Position | undefined;
  /** Of the topic; for other destinations the RECEIPT tells it. */
  #name: string;
  #backfill: AbortController | undefined;
  #open = true;

  constructor(
    readonly id: string,
    readonly destination: string,
    private readonly handler: MessageHandler<unknown>,
    private readonly options: SubscribeOptions,
    private readonly context: StreamContext,
  ) {
    this.#order = guard.startAt((this.#delivered = options.position));
    this.#name = destination.replace(/^\/topic\//, '');
  }

  get position(): Position | undefined {
    return this.#delivered;
  }

  get hole(): Hole | undefined {
    return this.#open ? guard.holeOf(this.#order) : undefined;
  }

  unsubscribe(): void {
    if (!this.#open) return;
    this.stop();
    this.context.unsubscribe(this);
  }

  stop(): void {
    this.#open = false;
    this.#backfill?.abort();
  }

  subscribeHeaders(): Record<string, string> {
    this.#asked = this.#order.position;
    return { ...this.options.headers, ...recoveryHeaders(this.#order.position, this.options.rewind) };
  }

  confirmed(receipt: Headers): void {
    if (!this.#open) return;
    this.#name = receipt['topic'] ?? this.#name;
    const rewound = !this.#asked && this.options.rewind !== undefined;
    const { position, recovery } = decideRecovery(this.#asked, rewound, receipt);
    if (recovery?.recovered === false || !this.#order.position) {
      this.#order = guard.startAt(position);
      this.#delivered = position;
    } else if (position?.epoch === this.#order.position.epoch) {
      this.#apply(guard.settle(this.#order, position.seq));
    }
    if (recovery) this.#tell(() => this.options.onRecovered?.(recovery));
  }

  /** The connection is gone; the next SUBSCRIBE names the position. */
  lost(): void {
    this.#backfill?.abort();
    this.#backfill = undefined;
    this.#order = guard.forgetHeld(this.#order);
  }

  message(headers: Headers, body: string): void {
    const parse: Parse = () => messageOfFrame(headers, body, this.#name);
    const at = positionOf(headers);
    if (!this.#open) return;
    if (at) this.#apply(guard.acceptMessage(this.#order, at, parse));
    else this.#tell(() => this.handler(parse()));
  }

  gap(gap: guard.GapRange): void {
    this.#apply(guard.acceptGap(this.#order, gap));
  }

  fill(page: WirePage): boolean {
    const before = this.#order.position;
    if (page.epoch !== before?.epoch) return true; // Moved on meanwhile; the page is of no use.
    for (const wire of page.messages) {
      const at = { epoch: page.epoch, seq: wire.seq };
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

  #apply({ state, outputs }: guard.Step<Parse>): void {
    this.#order = state;
    for (const output of outputs) {
      if (!this.#open) return;
      if (output.kind === 'gap') {
        this.#delivered = { epoch: output.gap.epoch, seq: output.gap.to };
        this.#tell(() => this.options.onGap?.({ topic: this.#name, ...output.gap }));
      } else {
        this.#delivered = output.position;
        this.#tell(() => this.handler(output.message()));
      }
    }
    if (!this.#open) return;
    this.#delivered = state.position;
    this.#fillHole();
  }

  #fillHole(): void {
    if (this.#backfill || !this.hole) return;
    const abort = new AbortController();
    this.#backfill = abort;
    const fetchPage: FetchPage = (hole, signal) => this.context.fetchPage(this.#name, hole, signal);
    void backfill(this, fetchPage, this.context.backoff, abort.signal).finally(() => {
      if (this.#backfill === abort) this.#backfill = undefined;
    });
  }
}
