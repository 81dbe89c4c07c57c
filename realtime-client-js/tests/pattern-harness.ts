import type {
  PatternGap, PatternOptions, PatternRecovery, PatternSubscription, RealtimeClient, RealtimeMessage,
} from '../src/index.js';
import { server, until } from './harness.js';

/** What one subscription to a pattern told its application, in order. */
export interface Seen {
  readonly sub: PatternSubscription;
  readonly messages: RealtimeMessage[];
  readonly gaps: PatternGap[];
  readonly recoveries: PatternRecovery[];
  readonly errors: unknown[];
  /** The numbers of one topic's messages, in their order. */
  seqs(topic: string): number[];
}

export function watchAll(client: RealtimeClient, pattern: string, options: PatternOptions = {}): Seen {
  const seen = { messages: [], gaps: [], recoveries: [], errors: [] } as Omit<Seen, 'sub' | 'seqs'>;
  const sub = client.topics(pattern).subscribe((message) => void seen.messages.push(message), {
    onGap: (gap) => seen.gaps.push(gap),
    onRecovered: (recovery) => seen.recoveries.push(recovery),
    onError: (error) => seen.errors.push(error),
    ...options,
  });
  return { ...seen, sub, seqs: (topic) => seen.messages.filter((message) => message.topic === topic).map(({ position }) => position.seq) };
}

export function gap(headers: Record<string, string | number>): void {
  server.last.event('gap', { 'subscription-id': 's0', ...headers });
}

export async function reconnect(client: RealtimeClient): Promise<void> {
  const before = server.connections.length;
  server.last.cut();
  await until(() => server.connections.length > before && client.state === 'live');
}

/** The `positions` of the last SUBSCRIBE. */
export function named(): string[] {
  return server.last.received('SUBSCRIBE').at(-1)?.headers['positions']?.split(',') ?? [];
}
