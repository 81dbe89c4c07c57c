import { CloseCode } from './close-codes.js';
import { RealtimeHttpError } from './errors.js';
import { endOf, pollEvents, StreamEnd, streamEvents, type HttpRequest, type StreamSink } from './http-stream.js';
import { HttpSends } from './http-sends.js';
import { HttpSubscriptions, moveTo, parametersOf, MAX_SUBSCRIPTIONS, type Asked } from './http-subscriptions.js';
import type { Headers, WireMessage } from './message.js';
import type { SendFrame } from './send-frame.js';
import type { Session, SessionListener } from './session.js';
import type { UnreadState } from './api.js';
import { UnreadPolls } from './unread-polls.js';

/** How long a polite goodbye may wait for answers to what was sent, milliseconds. */
const GOODBYE_MS = 2_000;
/** A page that is looked at again trusts a stream that said something so lately, milliseconds. */
const TRUSTED_MS = 20_000;
/** The request itself is wrong or too long. */
const BAD_REQUESTS = [400, 414, 431];
/** So many bad requests tell which subscriptions are wrong; the rest is refused without another. */
const MAX_BAD_REQUESTS = 50;

export interface HttpSessionParts {
  readonly transport: 'sse' | 'poll';
  readonly request: HttpRequest;
  readonly greet: (signal: AbortSignal) => Promise<void>;
  readonly unread: (topics: readonly string[], signal: AbortSignal) => Promise<readonly UnreadState[]>;
  readonly openMs: number;
  readonly heartbeatMs: number;
  readonly timeoutMs: number;
  /** Query parameters that name the user, where the service wants some. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** What a STOMP session is over a WebSocket, over plain HTTP: one stream for all subscriptions, one POST for each SEND. */
export class HttpSession implements Session {
  readonly transport: 'sse' | 'poll';
  readonly #asked = new HttpSubscriptions();
  readonly #sends: HttpSends;
  readonly #unread: UnreadPolls;
  #stream: AbortController | undefined;
  #changing = false;
  #badRequests = 0;
  #connected = false;
  /** A stream has been tried, and one has opened. */
  #tried = false;
  #opened = false;
  #leaving = false;
  #ended = false;
  #heardAt = Date.now();
  readonly #life = new AbortController();

  constructor(private readonly parts: HttpSessionParts, private readonly listener: SessionListener) {
    this.transport = parts.transport;
    this.#sends = new HttpSends(parts, listener, this.#life.signal);
    this.#unread = new UnreadPolls(parts.unread, listener);
    void this.#connect();
  }

  /** Without a subscription there is no stream that a network could hold back. */
  get proven(): boolean {
    return this.#connected && (this.#opened || !this.#tried);
  }

  subscribe(id: string, destination: string, headers: Headers): void {
    if (destination === '/realtime/unread') return this.#unread.add(id, headers);
    if (this.#asked.add(id, destination, headers)) return this.#change();
    const message = `At most ${MAX_SUBSCRIPTIONS} subscriptions are possible over ${this.transport}, fewer if their names are long`;
    queueMicrotask(() => this.#deny(id, headers['receipt'], { reason: 'too-many-subscriptions', message }));
  }

  unsubscribe(id: string): void {
    if (!this.#unread.remove(id) && this.#asked.remove(id)) this.#change();
  }

  send(frame: SendFrame): void {
    this.#sends.send(frame);
  }

  leave(): void {
    if (this.#ended || this.#leaving) return;
    this.#leaving = true;
    this.#stream?.abort();
    this.#unread.stop();
    const goodbye = setTimeout(() => this.cut(), GOODBYE_MS);
    void this.#sends.idle().finally(() => {
      clearTimeout(goodbye);
      this.#end(CloseCode.NORMAL, '');
    });
  }

  cut(cause = ''): void {
    this.#end(CloseCode.ABNORMAL, cause);
  }

  probe(networkChanged: boolean): void {
    // A stream does not outlive its network, and it cannot be asked whether it did.
    if (this.#stream && (networkChanged || Date.now() - this.#heardAt > TRUSTED_MS)) this.cut('the network changed');
  }

  /** Whether plain HTTP is served at all; who may read what, the stream itself finds out. */
  async #connect(): Promise<void> {
    const timer = setTimeout(() => this.cut('no answer in time'), this.parts.timeoutMs);
    try {
      await this.parts.greet(this.#life.signal);
      if (this.#ended) return;
      this.#connected = true;
      this.listener.connected();
    } catch (error) {
      this.#failed(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Subscriptions that come or go together make one new stream. */
  #change(): void {
    if (this.#changing) return;
    this.#changing = true;
    queueMicrotask(() => {
      this.#changing = false;
      this.#stream?.abort();
      this.#stream = undefined;
      if (!this.#ended && !this.#leaving && this.#asked.size > 0) void this.#open();
    });
  }

  async #open(): Promise<void> {
    this.#tried = true;
    const stream = (this.#stream = new AbortController());
    const { request } = this.parts;
    let order: Asked[] = [];
    const parameters = (): URLSearchParams => {
      order = this.#asked.order();
      const query = parametersOf(order);
      for (const [name, value] of Object.entries(this.parts.credentials)) query.set(name, value);
      return query;
    };
    const sink: StreamSink = {
      opened: () => {
        this.#opened = true;
        if (this.#asked.accept(order)) this.#change();
      },
      heard: () => (this.#heardAt = Date.now()),
      event: (event, data) => this.#onEvent(event, data),
      position: (compact) => moveTo(order, compact),
      quiet: (long) => this.#confirmQuiet(order, long),
    };
    try {
      if (this.transport === 'sse') await streamEvents(request, parameters, this.parts, sink, stream.signal);
      else await pollEvents(request, parameters, sink, stream.signal);
    } catch (error) {
      if (!stream.signal.aborted) this.#failed(error, order);
    }
  }

  #onEvent(event: string, data: Record<string, unknown>): void {
    const asked = this.#asked.of(data);
    switch (event) {
      case 'message':
        for (const id of asked?.receipts.keys() ?? []) {
          this.listener.message(id, positionHeaders(data), data as unknown as WireMessage);
        }
        if (asked && this.transport === 'poll') this.#answered(asked);
        return;
      case 'subscribed':
        return asked && this.#confirm(asked, textOf(data));
      case 'gap':
        for (const id of asked?.receipts.keys() ?? []) {
          this.listener.control({ ...textOf(data), event, 'subscription-id': id }, '');
        }
        return;
      case 'denied':
        if (!asked) return this.listener.control({ ...textOf(data), event }, '');
        return this.#refuse(asked, textOf(data));
      case 'signal':
        return this.listener.control({ ...textOf(data), event }, JSON.stringify(data['payload'] ?? null));
      case 'reconnect':
        return this.listener.control({ event, 'after-ms': String(data['afterMs']) }, '');
      case 'expiring':
        return this.listener.control({ event, 'in-ms': String(data['inMs']) }, '');
      case 'closed':
        throw new StreamEnd(Number(data['code']), String(data['reason'] ?? ''));
      default: // Of a newer server.
    }
  }

  #confirm(asked: Asked, answer: Headers): void {
    let news = false;
    for (const [id, receipt] of asked.receipts) {
      if (receipt === undefined) continue;
      news = true;
      asked.receipts.set(id, undefined);
      this.listener.receipt(receipt, answer);
    }
    // A stream that was opened anew and could not continue: only a new session asks each subscription's own position.
    if (!news && answer['recovered'] === 'false') this.cut('not recovered');
  }

  #answered(asked: Asked): void {
    this.#asked.answered(asked);
    if (asked.answered) this.#confirm(asked, {});
  }

  /** A poll says nothing of a subscription that has missed nothing, nor of one that has no numbers. */
  #confirmQuiet(order: readonly Asked[], long: boolean): void {
    for (const asked of this.#asked.pending) {
      if (!order.includes(asked)) continue;
      const [epoch = '', seq = ''] = asked.position.split('-');
      if (epoch) this.#confirm(asked, { epoch, seq, recovered: 'true', replayed: '0' });
      else if (long) this.#confirm(asked, {});
    }
  }

  #refuse(asked: Asked, answer: Headers): void {
    this.#asked.refuse(asked);
    for (const [id, receipt] of asked.receipts) this.#deny(id, receipt, answer);
    if (this.#asked.size === 0) this.#stream?.abort();
  }

  #deny(id: string, receipt: string | undefined, answer: Headers): void {
    const headers = { ...answer, event: 'denied', 'subscription-id': id };
    this.listener.control(receipt === undefined ? headers : { ...headers, 'receipt-id': receipt }, '');
  }

  #failed(error: unknown, order: readonly Asked[] = []): void {
    if (this.#ended) return;
    if (error instanceof RealtimeHttpError && this.#narrow(error, order)) return this.#change();
    const { code, reason, retryAfterMs } = endOf(error);
    this.#end(code, reason, retryAfterMs);
  }

  /**
   * One subscription can make the whole request bad. What was in a good one is not to blame, so the rest is halved until it is
   * known which it is; that one is refused, and the others are served. False when it is not a matter of subscriptions.
   */
  #narrow({ status, verdict, problem, message }: RealtimeHttpError, order: readonly Asked[]): boolean {
    const doubted = order.filter(({ standing }) => standing !== 'good');
    const alone = order.length === 1 && (status !== 400 || verdict !== 'final');
    if (!BAD_REQUESTS.includes(status) || doubted.length === 0 || alone) return false;
    const more = ++this.#badRequests < MAX_BAD_REQUESTS;
    if (more && doubted.length > 1) {
      for (const asked of doubted.slice(doubted.length / 2)) asked.standing = 'later';
    } else {
      for (const asked of more ? doubted : this.#asked.doubted) this.#refuse(asked, { reason: 'bad-subscribe', message: problem.detail ?? message });
      this.#asked.accept([]);
    }
    return true;
  }

  #end(code: number, reason: string, retryAfterMs?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stream?.abort();
    this.#unread.stop();
    this.#life.abort();
    this.#sends.broken();
    this.listener.ended(code, reason, retryAfterMs);
  }
}

function positionHeaders({ epoch, seq }: { readonly epoch?: unknown; readonly seq?: unknown }): Headers {
  return epoch == null || seq == null ? {} : { epoch: String(epoch), seq: String(seq) };
}

/** As STOMP headers, for what both ways of talking have in common. */
function textOf(data: Record<string, unknown>): Record<string, string> {
  const plain = Object.entries(data).filter(([, value]) => value !== null && typeof value !== 'object');
  return Object.fromEntries(plain.map(([name, value]) => [name, String(value)]));
}
