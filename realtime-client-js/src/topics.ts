import type * as api from './api.js';
import { checkPatternSubscribe } from './checks.js';
import type { MessageHandler, PatternOptions, PatternSubscription } from './types.js';

export type SubscribePattern = (handler: MessageHandler<unknown>, options: PatternOptions) => PatternSubscription;

/** The topics of one pattern, as the application sees them. */
export class ClientTopics implements api.Topics {
  constructor(readonly pattern: string, private readonly add: SubscribePattern) {}

  subscribe<T>(handler: MessageHandler<T>, options: PatternOptions = {}): PatternSubscription {
    checkPatternSubscribe(handler, options);
    // What T is, only the application knows; the wire cannot prove it.
    return this.add(handler as MessageHandler<unknown>, options);
  }
}
