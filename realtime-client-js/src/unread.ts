import { tell, reportError } from './application.js';
import { check, checkAll, FUNCTION, listOf, NAME, POSITION } from './checks.js';
import { encodeName } from './names.js';
import type { StreamOptions } from './subscription.js';
import type { Unread, UnreadListener, UnreadState, UnreadWatch } from './api.js';
import type { MessageHandler, Position, Subscription } from './types.js';

/** How many topics one subscription names at most, and how many characters their names have together. */
const MAX_TOPICS = 100;
const MAX_CHARS = 3_500;

export interface UnreadLink {
  subscribe(destination: string, handler: MessageHandler<unknown>, options: StreamOptions): Subscription;
  markRead(topic: string, position: Position | undefined): Promise<UnreadState>;
}

/** Counts of what the user has not read, on all their devices. */
export class UnreadCounts implements Unread {
  /** One request at a time for each topic; only the last position that came meanwhile is worth another. */
  readonly #reading = new Map<string, { next: Position | undefined; again: boolean; done: Promise<UnreadState> }>();

  readonly #watches = new Set<(state: UnreadState) => void>();

  constructor(private readonly link: UnreadLink) {}

  watch(topics: readonly string[], listener: UnreadListener, options: { onError?: ((error: unknown) => void) | undefined } = {}): UnreadWatch {
    check('The topics', topics, listOf(NAME));
    check('The listener', listener, FUNCTION);
    checkAll('The options of watch', options, { onError: FUNCTION });
    const failed = (error: unknown): void => reportError(options.onError, error);
    const told = new Map<string, string>();
    const watched = new Set(topics);
    const news = (state: UnreadState): void => {
      const text = `${state.epoch} ${state.read} ${state.unread} ${state.latest}`;
      if (!watched.has(state.topic) || told.get(state.topic) === text) return;
      told.set(state.topic, text);
      tell(() => listener(state.topic, state.unread, state), failed);
    };
    this.#watches.add(news);
    const handler: MessageHandler<unknown> = ({ payload }) => news(payload as UnreadState);
    const subscriptions = groupsOf(topics).map((group) =>
      this.link.subscribe('/realtime/unread', handler, { headers: { topics: group.map(encodeName).join(',') }, onError: failed }));
    const stop = (): void => {
      this.#watches.delete(news);
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
    return { stop };
  }

  async markRead(topic: string, position?: Position): Promise<UnreadState> {
    check('A topic', topic, NAME);
    if (position !== undefined) check('The position', position, POSITION);
    const under = this.#reading.get(topic);
    if (under) {
      under.next = under.again ? further(under.next, position) : position;
      under.again = true;
      return under.done;
    }
    const reading = { next: position, again: false, done: Promise.resolve() as Promise<never> };
    reading.done = this.#read(topic, reading) as Promise<never>;
    this.#reading.set(topic, reading);
    return reading.done;
  }

  /** What waits is sent even when what went before it failed. */
  async #read(topic: string, reading: { next: Position | undefined; again: boolean }): Promise<UnreadState> {
    try {
      for (;;) {
        reading.again = false;
        try {
          const state = await this.link.markRead(topic, reading.next);
          // This device need not wait until it is told.
          for (const news of this.#watches) news(state);
          if (!reading.again) return state;
        } catch (error) {
          if (!reading.again) throw error;
        }
      }
    } finally {
      this.#reading.delete(topic);
    }
  }
}

/** Without a position everything is read. */
function further(one: Position | undefined, other: Position | undefined): Position | undefined {
  return one && other && one.epoch === other.epoch && one.seq > other.seq ? one : one && other;
}

export function groupsOf(topics: readonly string[]): string[][] {
  const groups: string[][] = [];
  let chars = 0;
  for (const topic of new Set(topics)) {
    chars += encodeName(topic).length + 1;
    const group = groups.at(-1);
    if (group && group.length < MAX_TOPICS && chars <= MAX_CHARS) group.push(topic);
    else {
      groups.push([topic]);
      chars = encodeName(topic).length + 1;
    }
  }
  return groups;
}
