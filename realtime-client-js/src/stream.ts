/* Texts that grow on a topic, as a service publishes them with `RealtimeStreams.pipe`. Over any client; it knows nothing of this file. */
import { reportError, tell } from './application.js';
import { check, checkAll, FUNCTION, OBJECT, SUBSCRIBE, whole, type Checks } from './checks.js';
import type { RealtimeClient } from './api.js';
import type { Position, RealtimeMessage, Subscription, SubscriptionToken } from './types.js';

/**
 * How a text ended. `lost` is the reader's own: the service has not said for too long that it still grows, so that its node is
 * probably gone. If more of it arrives after all, `onText` and `onEnd` are called again.
 */
export type TextOutcome = 'done' | 'failed' | 'stopped' | 'interrupted' | 'timed-out' | 'too-long' | 'lost';

export interface TextEnd {
  /** Tells this text from others on the topic. */
  readonly id: string;
  /** As far as it is known. */
  readonly text: string;
  /** Whether `text` is all that was published: false when the topic's history no longer has it. */
  readonly complete: boolean;
  /** What the service's log line about the failure is found by. */
  readonly reference: string | undefined;
}

export interface TextListener {
  /** The text from its first character on, whenever it has grown; at first perhaps an empty one. */
  readonly onText: (text: string, id: string) => void;
  readonly onEnd?: ((outcome: TextOutcome, end: TextEnd) => void) | undefined;
  /** What the listener threw, or why the topic cannot be read. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface FollowOptions {
  /** With how many of the topic's last messages it starts, 0 to 1,000 (the default). */
  readonly rewind?: number | undefined;
  readonly token?: SubscriptionToken | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Following {
  stop(): void;
}

export interface AssemblerOptions {
  /** Whether silence means something now. Default: always. */
  readonly isLive?: (() => boolean) | undefined;
  /** Something is missing in the text, and the topic's history may have it. Called once for each place where something is missing. */
  readonly onMissing?: ((id: string) => void) | undefined;
}

export interface TextAssembler {
  /** Returns whether the message belongs to a text; others are not touched. Any message may be given any number of times. */
  accept(message: RealtimeMessage): boolean;
  /** Waits anew for all texts: call it when a connection is back. */
  wait(): void;
  /** Nothing is called from now on. */
  stop(): void;
}

/** The most messages of one replay. */
const MAX_REWIND = 1_000;
const LISTENER: Checks = { onText: FUNCTION, onEnd: FUNCTION, onError: FUNCTION };
const OPTIONS: Checks = { rewind: whole(0, MAX_REWIND), token: SUBSCRIBE['token']!, headers: SUBSCRIBE['headers']! };
const ASSEMBLER: Checks = { isLive: FUNCTION, onMissing: FUNCTION };

/** Texts that are remembered, as many as one replay may have; the one that grew longest ago is forgotten. */
const MAX_TEXTS = MAX_REWIND;
/** For services that do not say how long to wait. */
const TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 86_400_000;
/** From one reading of the history to the next, on average: half of it to one and a half, so that not all readers ask at once. */
const PAUSE_MS = 1_000;

interface Text {
  text: string;
  /** Something of it was handed over. */
  shown: boolean;
  ended: boolean;
  /** For which length it was said that something is missing after it. */
  missingAt: number;
  timeout: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Follows the texts of a topic: those that grow now, those of its last messages, and all later ones. */
export function followText(client: RealtimeClient, topic: string, listener: TextListener, options: FollowOptions = {}): Following {
  check('The client of followText', client, OBJECT);
  checkAll('followText', options, OPTIONS);
  let again: ReturnType<typeof setTimeout> | undefined;
  let subscription: Subscription | undefined;
  /** The server has ended the subscription. The next connection asks for it once more. */
  let denied = false;
  let start: Position | undefined;
  const assembler = assemble(listener, {
    isLive: () => client.state === 'live' && !denied,
    // The server replays from the log, in order; what was known already changes nothing.
    onMissing: () => (again ??= setTimeout(() => {
      again = undefined;
      subscription?.unsubscribe();
      subscribe(MAX_REWIND);
    }, PAUSE_MS * (0.5 + Math.random()))),
  }, ({ position }) => {
    // Reading the history again goes back further than the start: texts that ended before it are not new.
    if (start?.epoch !== position.epoch) start = position;
    return position.seq >= start.seq;
  });
  const subscribe = (rewind: number): void => {
    denied = false;
    subscription = client.topic(topic).subscribe((message) => void assembler.accept(message), {
      ...options, rewind, onError: (error) => {
        // Not by its class, of which the page may have two: this file is a bundle of its own.
        if ((error as { kind?: unknown } | undefined)?.kind === 'denied') denied = true;
        reportError(listener.onError, error);
      },
    });
  };
  subscribe(options.rewind ?? MAX_REWIND);
  const unwatch = client.onState((state) => {
    if (state === 'recovering') denied = false;
    if (state === 'live') assembler.wait();
    if (state === 'closed') stop();
  });
  const stop = (): void => {
    clearTimeout(again);
    unwatch();
    assembler.stop();
    subscription?.unsubscribe();
  };
  return { stop };
}

/** Puts texts together from the messages of a subscription of your own. */
export function assembleText(listener: TextListener, options: AssemblerOptions = {}): TextAssembler {
  return assemble(listener, options, () => true);
}

/** Texts begin only with messages that are wanted. */
function assemble(listener: TextListener, options: AssemblerOptions, isWanted: (first: RealtimeMessage) => boolean): TextAssembler {
  check('The listener of a text', listener, OBJECT);
  check('onText', listener.onText, FUNCTION);
  checkAll('The listener of a text', listener, LISTENER);
  checkAll('assembleText', options, ASSEMBLER);
  const texts = new Map<string, Text>();
  let open = true;

  const call = (what: () => void): void => {
    if (open) tell(what, (error) => reportError(listener.onError, error));
  };

  const end = (id: string, known: Text, outcome: TextOutcome, complete: boolean, reference?: string): void => {
    const { text } = known;
    call(() => listener.onEnd?.(outcome, { id, text, complete, reference }));
  };

  const wait = (id: string, known: Text): void => {
    clearTimeout(known.timer);
    known.timer = open && !known.ended ? setTimeout(() => {
      if (options.isLive?.() === false) return wait(id, known);
      known.timer = undefined;
      end(id, known, 'lost', false);
    }, known.timeout) : undefined;
  };

  const find = (id: string): Text => {
    const known = texts.get(id) ?? { text: '', shown: false, ended: false, missingAt: -1, timeout: TIMEOUT_MS, timer: undefined };
    // In the order of use.
    texts.delete(id);
    texts.set(id, known);
    for (const [oldest, { timer }] of texts) {
      if (texts.size <= MAX_TEXTS) break;
      clearTimeout(timer);
      texts.delete(oldest);
    }
    return known;
  };

  /** Returns whether it is worth waiting for what is missing. */
  const missing = (id: string, known: Text): boolean => {
    if (known.missingAt === known.text.length) return false;
    known.missingAt = known.text.length;
    const { onMissing } = options;
    if (onMissing) call(() => onMissing(id));
    return onMissing !== undefined;
  };

  const grow = (id: string, known: Text, offset: number, piece: string): void => {
    if (offset > known.text.length) return void missing(id, known);
    const fresh = piece.slice(known.text.length - offset);
    if (fresh === '' && known.shown) return;
    const text = (known.text += fresh);
    known.shown = true;
    call(() => listener.onText(text, id));
  };

  return {
    accept: (message) => {
      const { type, headers, payload } = message;
      const id = headers['stream-id'];
      const offset = Number(headers['stream-offset']);
      if (id === undefined || !Number.isSafeInteger(offset) || offset < 0) return false;
      if (type !== 'stream.text' && type !== 'stream.end') return false;
      if (!texts.has(id) && !isWanted(message)) return true;
      const known = find(id);
      if (known.ended || !open) return true;
      const timeout = Number(headers['stream-timeout']);
      if (timeout > 0) known.timeout = Math.min(timeout, MAX_TIMEOUT_MS);
      wait(id, known);
      if (type === 'stream.text') {
        grow(id, known, offset, typeof payload === 'string' ? payload : '');
        return true;
      }
      const complete = known.text.length >= offset;
      if (!complete && missing(id, known)) return true;
      known.ended = true;
      clearTimeout(known.timer);
      end(id, known, (headers['stream-outcome'] ?? 'failed') as TextOutcome, complete, headers['stream-reference']);
      known.text = '';
      return true;
    },
    wait: () => texts.forEach((known, id) => {
      if (known.timer !== undefined) wait(id, known);
    }),
    stop: () => {
      open = false;
      texts.forEach(({ timer }) => clearTimeout(timer));
      texts.clear();
    },
  };
}
