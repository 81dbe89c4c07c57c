import type { SendNow } from './send-frame.js';
import type { RealtimeMessage, Signal } from './types.js';
import { TopicTyping } from './typing.js';

/** Beyond that those are forgotten that nobody looks at. */
const MAX_TOPICS = 1_000;

/** The typing of all topics that anybody looked at. */
export class Typists {
  readonly #topics = new Map<string, TopicTyping>();

  constructor(private readonly connected: () => SendNow | undefined) {}

  of(topic: string): TopicTyping {
    const known = this.#topics.get(topic);
    if (known) return known;
    for (const [name, typing] of this.#topics) {
      if (this.#topics.size < MAX_TOPICS) break;
      if (typing.idle) this.#topics.delete(name);
    }
    const typing = new TopicTyping(topic, this.connected);
    this.#topics.set(topic, typing);
    return typing;
  }

  signal({ topic, type, user, payload }: Signal): void {
    if (type !== 'typing' || user === undefined) return;
    const typing = (payload as { typing?: unknown } | undefined)?.typing === true;
    this.#topics.get(topic)?.signal({ user, typing });
  }

  /** Who has sent the message is no longer typing it. */
  arrived({ topic, sender }: RealtimeMessage): void {
    if (sender !== undefined) this.#topics.get(topic)?.signal({ user: sender, typing: false });
  }

  end(): void {
    for (const typing of this.#topics.values()) typing.end();
  }
}
