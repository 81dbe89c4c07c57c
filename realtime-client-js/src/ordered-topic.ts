import { backfill, type FetchPage, type Hole, type HoleOwner } from './backfill.js';
import type { BackoffPolicy } from './backoff.js';
import type { WirePage } from './http.js';
import { messageOfFrame, messageOfPage, type Headers, type WireMessage } from './message.js';
import * as guard from './order-guard.js';
import type { Gap, Position, RealtimeMessage } from './types.js';

/** A hole waits so long for late arrivals before it is fetched, milliseconds. */
const HOLE_WAIT_MS = 250;

/** Parsing waits until a message's turn, so that a bad payload costs that message alone. */
export type Parse = () => RealtimeMessage;

/** The text of a frame, or the message as an HTTP page has it. */
export type Body = string | WireMessage;

export type FetchTopicPage = (topic: string, ...args: Parameters<FetchPage>) => Promise<WirePage>;

/** The subscription that a topic belongs to. */
export interface TopicOwner {
  readonly fetchPage: FetchTopicPage;
  readonly backoff: BackoffPolicy;
  /** Whether it is not unsubscribed. */
  isOpen(): boolean;
  /** Whether nothing is handed over, as the state that messages continue is being loaded. */
  isLoading(): boolean;
  hand(parse: Parse): void;
  gap(gap: Gap): void;
  /** The numbering began anew while the state was loaded. */
  outdated(): void;
  /** The position has moved. */
  moved(): void;
  failed(error: unknown): void;
}

export function parserOf(headers: Headers, body: Body, topic: string): Parse {
  return () => (typeof body === 'string' ? messageOfFrame(headers, body, topic) : messageOfPage(body, topic, headers['epoch'] ?? ''));
}

/** The order of one topic within a subscription. The pure functions of the guard decide; this class keeps their state and fetches holes. */
export class OrderedTopic implements HoleOwner {
  #order: guard.OrderState<Parse>;
  #delivered: Position | undefined;
  #backfill: AbortController | undefined;
  /** The hole that waits for late arrivals, by where it begins. */
  #waiting: { readonly after: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(
    /** The topic's name, as far as it is known. */
    public name: string,
    position: Position | undefined,
    private readonly owner: TopicOwner,
  ) {
    this.#order = guard.startAt((this.#delivered = position));
  }

  /** Of the last message that was handed over, or where live starts. */
  get delivered(): Position | undefined {
    return this.#delivered;
  }

  /** Everything up to here was handed over, is void, or was reported as a gap. */
  get position(): Position | undefined {
    return this.#order.position;
  }

  get hole(): Hole | undefined {
    return this.owner.isOpen() && !this.owner.isLoading() ? guard.holeOf(this.#order) : undefined;
  }

  /** Restarts at the position and discards what is held. */
  startAt(position: Position | undefined): void {
    this.#order = guard.startAt((this.#delivered = position));
  }

  /** Continues with any higher number. The numbers between are not fetched, and none is delivered twice. */
  lapse(): void {
    this.#order = guard.lapse(this.#order);
  }

  /** All numbers up to this one are known; those without a message are void. */
  settle(through: number): void {
    this.#apply(guard.settle(this.#order, through));
  }

  /** Continues a loaded state; `position` is undefined if the server does not tell it. */
  rebase(position: Position | undefined, tell: () => void): void {
    const at = position ?? this.#order.position;
    if (position) this.#delivered = position;
    tell();
    if (at && this.owner.isOpen()) this.#apply(guard.rebase(this.#order, at));
  }

  message(at: Position, parse: Parse): void {
    if (this.owner.isLoading()) this.#keep(at, parse);
    else this.#apply(guard.acceptMessage(this.#order, at, parse));
  }

  /** A message came without the end of its body; the log has it whole. */
  cutOff(at: Position): void {
    this.#apply(guard.acceptLoss(this.#order, at));
  }

  gap(gap: guard.GapRange): void {
    if (this.owner.isLoading()) this.#order = guard.keepGap(this.#order, gap);
    else this.#apply(guard.acceptGap(this.#order, gap));
  }

  /** The connection is gone; the next SUBSCRIBE names the position. */
  lost(): void {
    this.abort();
    this.#order = guard.forgetHeld(this.#order);
  }

  /** Delivers what is held, with a gap for each hole. */
  end(reason: string): void {
    while (this.hole) this.#apply(guard.skip(this.#order, reason));
    this.abort();
  }

  abort(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
    this.#backfill?.abort();
    this.#backfill = undefined;
  }

  fill(page: WirePage): boolean {
    const before = this.#order.position;
    if (page.epoch !== before?.epoch) return true; // Moved on meanwhile; the page is of no use.
    for (const wire of page.messages) {
      const at = { epoch: page.epoch, seq: wire.seq };
      if (this.owner.isLoading()) return true;
      this.settle(wire.seq - 1);
      this.#apply(guard.acceptMessage(this.#order, at, () => messageOfPage(wire, this.name, page.epoch)));
    }
    this.settle(page.through);
    return this.#order.position !== before;
  }

  giveUp(hole: Hole, reason: string, upTo?: number): void {
    const now = this.hole;
    if (now?.epoch === hole.epoch && now.after === hole.after) this.#apply(guard.skip(this.#order, reason, upTo));
  }

  failed(error: unknown): void {
    this.owner.failed(error);
  }

  #apply({ state, outputs }: guard.Step<Parse>): void {
    const { owner } = this;
    this.#order = state;
    for (const output of outputs) {
      if (!owner.isOpen()) return;
      if (output.kind === 'gap' && owner.isLoading() && guard.isLeftOut(output.gap)) {
        this.#order = guard.keepGap(this.#order, output.gap);
      } else if (output.kind === 'gap') {
        this.#delivered = { epoch: output.gap.epoch, seq: output.gap.to };
        owner.gap({ topic: this.name, ...output.gap });
      } else if (owner.isLoading()) {
        this.#keep(output.position, output.message);
      } else {
        this.#delivered = output.position;
        owner.hand(output.message);
      }
    }
    if (!owner.isOpen() || owner.isLoading()) return;
    this.#delivered = state.position;
    if (outputs.length > 0) owner.moved();
    this.#fillHole();
  }

  /** Live goes on while the state is loaded: it waits in order, and what does not fit is fetched afterwards. */
  #keep(at: Position, parse: Parse): void {
    const before = this.#order.position?.epoch;
    this.#order = guard.keep(this.#order, at, parse);
    // A state of the old numbering would be of no use.
    if (before !== undefined && before !== at.epoch) this.owner.outdated();
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
    const { fetchPage, backoff } = this.owner;
    void backfill(this, (hole, signal) => fetchPage(this.name, hole, signal), backoff, abort.signal).finally(() => {
      if (this.#backfill !== abort) return;
      this.#backfill = undefined;
      this.#fillHole();
    });
  }
}
