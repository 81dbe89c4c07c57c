import { tell, reportError } from './application.js';
import { apply, isSame, NOBODY, readAnew, type PresenceEvent, type PresenceStep } from './presence.js';
import type { StreamOptions } from './subscription.js';
import type { PresenceListener, PresenceWatch } from './api.js';
import type { MessageHandler, PresenceSnapshot } from './types.js';

/** What presence is made of: a subscription that loads a state and continues from it. */
export interface PresenceStream {
  reload(): void;
  unsubscribe(): void;
}

export type OpenPresenceStream = (handler: MessageHandler<unknown>, options: StreamOptions) => PresenceStream;

/** The members of one topic, kept right through reconnects: each join and leave is told once. */
export function watchPresence(open: OpenPresenceStream, listener: PresenceListener): PresenceWatch {
  let state = NOBODY;
  let loaded = false;
  const failed = (error: unknown): void => reportError(listener.onError, error);

  const advance = (next: PresenceStep): void => {
    const changed = !loaded || !isSame(next.state, state);
    state = next.state;
    // Who is there already when we come has not joined.
    if (loaded) {
      for (const user of next.joined) tell(() => listener.onJoin?.(user), failed);
      for (const user of next.left) tell(() => listener.onLeave?.(user), failed);
    }
    loaded = true;
    if (next.reload) stream.reload();
    if (changed) tell(() => listener.onChange?.(state.members, state.count), failed);
  };

  const stream = open((message) => advance(apply(state, message.payload as PresenceEvent)), {
    snapshot: (snapshot) => advance(readAnew(state, snapshot as PresenceSnapshot)),
    onError: failed,
  });
  return {
    get members() {
      return state.members;
    },
    get count() {
      return state.count;
    },
    stop: () => stream.unsubscribe(),
  };
}
