/* Who is there, as pure functions: events may come twice or be older than the members, and change nothing then. */
import type { PresenceSnapshot } from './types.js';

export interface PresenceState {
  readonly members: readonly string[];
  /** May be more than there are members, where a topic has too many to name. */
  readonly count: number;
}

export type PresenceEvent =
  | { readonly event: 'join' | 'leave'; readonly user: string }
  | { readonly event: 'count' | 'reset'; readonly count: number };

export interface PresenceStep {
  readonly state: PresenceState;
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** The members are to be read anew. */
  readonly reload: boolean;
}

export const NOBODY: PresenceState = { members: [], count: 0 };

export function isSame(one: PresenceState, other: PresenceState): boolean {
  return one.count === other.count && one.members.length === other.members.length && one.members.every((user, i) => user === other.members[i]);
}

/** The members as they were read; what changed since `before` are joins and leaves, each once. */
export function readAnew(before: PresenceState, snapshot: PresenceSnapshot): PresenceStep {
  const members = snapshot.members.map(({ user }) => user);
  const [was, is] = [new Set(before.members), new Set(members)];
  const state = { members, count: Math.max(snapshot.count, members.length) };
  // Where not all had names, a name that is new to us may have been there all the time.
  if (before.members.length < before.count) return step(state);
  return step(state, members.filter((user) => !was.has(user)), before.members.filter((user) => !is.has(user)));
}

export function apply(state: PresenceState, event: PresenceEvent): PresenceStep {
  switch (event.event) {
    case 'join': {
      if (state.members.includes(event.user)) return step(state);
      return step({ members: [...state.members, event.user], count: state.count + 1 }, [event.user]);
    }
    case 'leave': {
      const known = state.members.includes(event.user);
      // Of those who are not named one is gone; where all are named a stranger's leave changes nothing.
      if (!known && state.count === state.members.length) return step(state);
      const members = known ? state.members.filter((user) => user !== event.user) : state.members;
      return step({ members, count: state.count - 1 }, [], known ? [event.user] : []);
    }
    // Too many to tell each join: names would soon be wrong, so there are none.
    case 'count':
      return step({ members: [], count: event.count });
    case 'reset':
      return { ...step({ members: [], count: event.count }), reload: true };
    default:
      return step(state); // Of a newer server.
  }
}

function step(state: PresenceState, joined: readonly string[] = [], left: readonly string[] = []): PresenceStep {
  return { state, joined, left, reload: false };
}
