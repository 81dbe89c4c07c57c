import { tell, reportError } from './application.js';
import { check, FUNCTION } from './checks.js';
import type { SendNow } from './send-frame.js';
import type { Typing } from './api.js';

/** The first keystroke tells; the next so many milliseconds say nothing new. */
const MUTED_MS = 5_000;
/** The server drops what comes sooner after the last one: then it is the next keystroke that tells. */
const DROPPED_MS = 1_000;
/** Who says nothing more has stopped. Longer than the mute, so that nobody flickers. */
const EXPIRES_MS = 7_000;

export interface TypingSignal {
  readonly user: string;
  readonly typing: boolean;
}

/** Who is typing on one topic: never queued, never repeated, forgotten by itself. */
export class TopicTyping implements Typing {
  /** Others, in the order in which they began. */
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #listeners = new Set<(users: readonly string[]) => void>();
  #toldAt = -Infinity;
  #startedAt = -Infinity;

  constructor(private readonly topic: string, private readonly connected: () => SendNow | undefined) {}

  get users(): readonly string[] {
    return [...this.#typing.keys()];
  }

  get idle(): boolean {
    return this.#typing.size === 0 && this.#listeners.size === 0;
  }

  start(): void {
    const now = Date.now();
    if (now - this.#toldAt < MUTED_MS || now - this.#startedAt <= DROPPED_MS) return;
    if (this.#send(true)) this.#toldAt = this.#startedAt = now;
  }

  stop(): void {
    if (Date.now() - this.#toldAt < EXPIRES_MS) this.#send(false);
    this.#toldAt = -Infinity;
  }

  onChange(listener: (users: readonly string[]) => void): () => void {
    check('The listener', listener, FUNCTION);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  signal({ user, typing }: TypingSignal): void {
    const was = this.#typing.has(user);
    clearTimeout(this.#typing.get(user));
    if (typing) this.#typing.set(user, setTimeout(() => this.signal({ user, typing: false }), EXPIRES_MS));
    else this.#typing.delete(user);
    if (was !== typing) this.#tell();
  }

  end(): void {
    for (const timer of this.#typing.values()) clearTimeout(timer);
    this.#typing.clear();
    this.#listeners.clear();
  }

  #send(typing: boolean): boolean {
    const send = this.connected();
    send?.({ destination: '/realtime/typing', headers: { topic: this.topic, typing: String(typing) }, body: '' });
    return send !== undefined;
  }

  #tell(): void {
    const { users } = this;
    for (const listener of [...this.#listeners]) tell(() => listener(users), (error) => reportError(undefined, error));
  }
}
