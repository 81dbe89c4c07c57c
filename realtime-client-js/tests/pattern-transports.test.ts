import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../src/index.js';
import { live, open, server, until, useServer, watch } from './harness.js';
import { watchAll } from './pattern-harness.js';

describe.each(['sse', 'poll'] as const)('a pattern over %s', (transport) => {
  useServer();
  const over = (options: ConnectOptions = {}) => open({ transports: [transport], ...options });

  it('is left out of the request, and the application is told once', async () => {
    const client = over();
    const seen = watchAll(client, 'price.*');
    const other = watch(client, 't');
    await live(client);
    const { searchParams } = server.streams.received(`/realtime/${transport}`)[0]!.url;
    expect([...searchParams.getAll('topic'), ...searchParams.getAll('destination')]).toEqual(['t']);
    await until(() => server.streams.open > 0);
    server.publish('t', 1);
    server.publish('price.A', 1);
    await until(() => other.seqs.length === 1);
    server.streams.cut();
    server.store('t', 2);
    await until(() => other.seqs.length === 2 && client.state === 'live');
    expect(seen.errors).toMatchObject([
      { kind: 'denied', reason: 'bad-subscribe', message: 'The destination has a wildcard, which needs a WebSocket: over HTTP name each topic' },
    ]);
    expect(seen.messages).toEqual([]);
  });

  it('is live without any other subscription', async () => {
    const client = over();
    const errors: unknown[] = [];
    // The error comes when the caller has the subscription.
    const sub = client.topics('price.*').subscribe(() => undefined, { onError: (error) => void errors.push([error, sub.unsubscribe()]) });
    await live(client);
    await until(() => errors.length === 1);
    watchAll(client, 'price.*', { onError: (error) => errors.push(error) }).sub.unsubscribe();
    await client.topic('x').publish(1);
    expect(errors).toHaveLength(1);
  });
});

describe('a pattern whose network lost its WebSocket', () => {
  useServer();

  it('goes on exactly when there is one again, and says each time when there is none', async () => {
    const client = open({ transports: ['websocket', 'sse'], openMs: 100 });
    const seen = watchAll(client, 'price.*');
    const other = watch(client, 't');
    await live(client);
    for (const round of [1, 2]) {
      server.publish('price.A', 1);
      await until(() => seen.messages.length === 2 * round - 1);
      server.refuse = true;
      server.last.cut();
      await until(() => client.transport === 'sse' && client.state === 'live');
      expect(seen.errors).toHaveLength(round);
      server.store('price.A', 'missed');
      server.refuse = false;
      server.streams.sse = 'cut';
      server.streams.cut();
      await until(() => seen.messages.length === 2 * round);
      server.streams.sse = 'no';
      await live(client);
    }
    expect(seen.seqs('price.A')).toEqual([1, 2, 3, 4]);
    expect(seen.recoveries.map(({ resumed }) => resumed)).toEqual([['price.A'], ['price.A']]);
    expect([...seen.gaps, ...other.gaps, ...other.errors]).toEqual([]);
  });
});
