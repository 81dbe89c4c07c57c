import { describe, expect, it } from 'vitest';
import type {
  ConnectOptions, PatternGap, PatternOptions, PatternRecovery, PatternSubscription, Position, RealtimeClient, RealtimeError,
  RealtimeMessage,
} from '../src/index.js';
import { MAX_TOPICS } from '../src/pattern-stream.js';
import { positionsHeader } from '../src/recovery.js';
import { live, open, server, until, useServer, watch } from './harness.js';

interface Seen {
  readonly sub: PatternSubscription;
  readonly messages: RealtimeMessage[];
  readonly gaps: PatternGap[];
  readonly recoveries: PatternRecovery[];
  readonly errors: unknown[];
  /** The numbers of one topic's messages, in their order. */
  seqs(topic: string): number[];
}

function watchAll(client: RealtimeClient, pattern: string, options: PatternOptions = {}): Seen {
  const seen = { messages: [], gaps: [], recoveries: [], errors: [] } as Omit<Seen, 'sub' | 'seqs'>;
  const sub = client.topics(pattern).subscribe((message) => void seen.messages.push(message), {
    onGap: (gap) => seen.gaps.push(gap),
    onRecovered: (recovery) => seen.recoveries.push(recovery),
    onError: (error) => seen.errors.push(error),
    ...options,
  });
  return { ...seen, sub, seqs: (topic) => seen.messages.filter((message) => message.topic === topic).map(({ position }) => position.seq) };
}

function gap(headers: Record<string, string | number>): void {
  server.last.event('gap', { 'subscription-id': 's0', ...headers });
}

async function reconnect(client: RealtimeClient): Promise<void> {
  const before = server.connections.length;
  server.last.cut();
  await until(() => server.connections.length > before && client.state === 'live');
}

/** The `positions` of the last SUBSCRIBE. */
function named(): string[] {
  return server.last.received('SUBSCRIBE').at(-1)?.headers['positions']?.split(',') ?? [];
}

describe('a subscription to a pattern', () => {
  useServer();

  it('hands over messages of every topic that matches, each with its own topic and position', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*', { headers: { 'x-view': 'board' } });
    await live(client);
    expect(server.last.received('SUBSCRIBE')[0]?.headers).toMatchObject({ destination: '/topic/price.*', 'x-view': 'board' });
    server.store('price.A', 'before it began');
    for (const topic of ['price.A', 'price.B', 'price.A.bid', 'other', 'price.A']) server.publish(topic, topic);
    await until(() => seen.messages.length === 3);
    expect(seen.messages.map(({ topic, position, payload }) => [topic, position.seq, payload])).toEqual([
      ['price.A', 2, 'price.A'], ['price.B', 1, 'price.B'], ['price.A', 3, 'price.A'],
    ]);
    expect([...seen.gaps, ...seen.recoveries, ...seen.errors]).toEqual([]);
  });

  it('names a topic by its destination', async () => {
    const client = open();
    const seen = watchAll(client, '__e.*');
    await live(client);
    expect(server.last.received('SUBSCRIBE')[0]?.headers['destination']).toBe('/topic/_e.*');
    server.publish('_e.x', 1);
    await until(() => seen.messages.length === 1);
    expect(seen.messages[0]?.topic).toBe('__e.x');
  });

  it('keeps each topic in order, without duplicates', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    for (const topic of ['price.A', 'price.B']) for (let i = 1; i <= 5; i++) server.store(topic, i);
    server.send('price.A', 1, 1, 3);
    server.send('price.B', 1, 2, 2, 3, 5);
    server.send('price.A', 2, 5, 4, 3);
    server.send('price.B', 4, 1);
    await until(() => seen.messages.length === 10);
    expect([seen.seqs('price.A'), seen.seqs('price.B')]).toEqual([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]);
    expect(server.requests).toEqual([]);
  });

  it('fills the hole of one topic from its history, while others go on', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    for (let i = 1; i <= 4; i++) server.store('price.A', i);
    server.send('price.A', 1, 4);
    server.publish('price.B', 1, 2);
    await until(() => seen.seqs('price.B').length === 2);
    expect(seen.seqs('price.A')).toEqual([1]);
    await until(() => seen.seqs('price.A').length === 4);
    expect(seen.seqs('price.A')).toEqual([1, 2, 3, 4]);
    expect(server.requests.map(({ url }) => url.search)).toEqual(['?topic=price.A&epoch=e1&after=1&limit=500']);
    expect(seen.gaps).toEqual([]);
  });

  it('fetches the holes of many topics a few at a time', async () => {
    let [running, most, failures] = [0, 0, 0];
    server.answers = [(response, url, request) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        if (failures++ < 5) response.destroy();
        else server.backfill(response, url, request);
      }, 5);
    }];
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    for (let i = 0; i < 30; i++) {
      for (let seq = 1; seq <= 3; seq++) server.store(`price.${i}`, seq);
      server.send(`price.${i}`, 1, 3);
    }
    await until(() => seen.messages.length === 90);
    expect(most).toBe(4);
    expect(seen.errors.every((error) => (error as RealtimeError).kind === 'disconnected')).toBe(true);
  });

  it('says when it is live, each time', async () => {
    const client = open();
    await live(client);
    const told: unknown[] = [];
    const sub = client.topics('price.*').subscribe(() => undefined, {
      onLive: () => void told.push('live'),
      onRecovered: ({ resumed }) => void told.push(resumed),
    });
    expect(told).toEqual([]);
    await until(() => told.length === 1);
    await reconnect(client);
    expect(told).toEqual(['live', [], 'live']);
    sub.unsubscribe();
    await reconnect(client);
    expect(told).toHaveLength(3);
  });

  it('tells of what a rate of one topic leaves out, which is no loss', async () => {
    const client = open();
    const seen: number[] = [];
    const told: unknown[] = [];
    client.topics('price.*').subscribe(({ position }) => void seen.push(position.seq), {
      onGap: (one) => told.push(one),
      onLeftOut: ({ topic, from, to, reason }) => told.push([topic, from, to, reason]),
    });
    await live(client);
    server.publish('price.A', 1);
    for (let i = 2; i <= 4; i++) server.store('price.A', i);
    gap({ topic: 'price.A', epoch: 'e1', from: 2, to: 3, reason: 'conflated' });
    server.send('price.A', 4);
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 4]);
    expect(told).toEqual([['price.A', 2, 3, 'conflated']]);
    expect(server.requests).toEqual([]);
  });

  it('reports a gap of one topic in its turn', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1);
    server.publish('price.B', 1);
    gap({ topic: 'price.A', epoch: 'e1', from: 2, to: 3, reason: 'overflow' });
    for (let i = 2; i <= 4; i++) server.store('price.A', i);
    server.send('price.A', 2, 3, 4);
    await until(() => seen.seqs('price.A').length === 2);
    expect(seen.seqs('price.A')).toEqual([1, 4]);
    expect(seen.gaps).toEqual([{ topic: 'price.A', epoch: 'e1', from: 2, to: 3, reason: 'overflow' }]);
  });

  it('reports without a topic that messages of other topics may be missing', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1);
    gap({ pattern: 'price.*', reason: 'pattern' });
    server.publish('price.A', 2);
    await until(() => seen.messages.length === 2);
    expect(seen.gaps).toEqual([{ topic: undefined, pattern: 'price.*', reason: 'pattern' }]);
    expect(seen.gaps[0]?.topic).toBeUndefined();
  });

  it('reports messages of topics beyond the server\'s bound, and does not begin those topics', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    for (let i = 1; i <= 3; i++) server.store('price.A', i);
    gap({ topic: 'price.A', epoch: 'e1', from: 1, to: 1, reason: 'too-many-topics' });
    server.send('price.A', 3);
    gap({ topic: 'price.A', epoch: 'e1', from: 4, to: 4, reason: 'too-many-topics' });
    server.publish('price.B', 1);
    await until(() => seen.messages.length === 2);
    expect(seen.seqs('price.A')).toEqual([3]);
    expect(seen.gaps.map((one) => 'from' in one && [one.topic, one.from, one.to, one.reason])).toEqual([
      ['price.A', 1, 1, 'too-many-topics'], ['price.A', 4, 4, 'too-many-topics'],
    ]);
    expect(server.requests).toEqual([]);
    await reconnect(client);
    expect(named()).toEqual(['/topic/price.B=e1-1', '/topic/price.A=e1-4']);
  });

  it('begins anew with a topic whose numbering began anew', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1, 2);
    server.newEpoch('price.A', 'e2');
    server.store('price.A', 'lost');
    server.publish('price.A', 'next');
    await until(() => seen.messages.length === 3);
    expect(seen.messages.at(-1)?.position).toEqual({ epoch: 'e2', seq: 2 });
    expect(seen.gaps).toEqual([{ topic: 'price.A', epoch: 'e2', from: 1, to: 1, reason: 'epoch-changed' }]);
  });

  it('guards the topics that were heard of most lately; one that makes room loses nothing unnoticed', async () => {
    const client = open();
    const seen = watchAll(client, '**');
    await live(client);
    for (let i = 1; i <= 3; i++) server.store('t0', i);
    server.send('t0', 1, 3);
    for (let i = 1; i < MAX_TOPICS; i++) server.publish(`t${i}`, i);
    await until(() => seen.messages.length === MAX_TOPICS);
    expect(seen.seqs('t0')).toEqual([1]);
    server.answers = [(response) => response.destroy()];
    server.publish('t1', 'again');
    server.publish('one more', 1);
    await until(() => seen.seqs('one more').length === 1);
    expect(seen.seqs('t0')).toEqual([1, 3]);
    expect(seen.gaps).toEqual([{ topic: 't0', epoch: 'e1', from: 2, to: 2, reason: 'too-many-topics' }]);
    await reconnect(client);
    expect(named().slice(0, 3)).toEqual(['/topic/one more=e1-1', '/topic/t1=e1-2', `/topic/t${MAX_TOPICS - 1}=e1-1`]);
    expect(seen.errors).toEqual([]);
  });

  it('goes on exactly, after a reconnect, with the topics that it names', async () => {
    const client = open();
    const seen = watchAll(client, 'stock,=%/*');
    await live(client);
    expect(seen.recoveries).toEqual([]);
    server.publish('stock,=%/x', 1);
    server.publish('stock,=%/blank ', 1);
    await until(() => seen.messages.length === 2);
    server.store('stock,=%/x', 'missed');
    server.store('stock,=%/new', 'missed too');
    await reconnect(client);
    expect(named()).toEqual(['/topic/stock%2C%3D%25/blank%20=e1-1', '/topic/stock%2C%3D%25/x=e1-1']);
    expect(seen.recoveries).toEqual([{ recovered: false, resumed: ['stock,=%/blank ', 'stock,=%/x'], reason: 'pattern' }]);
    server.publish('stock,=%/blank ', 2);
    await until(() => seen.messages.length === 4);
    expect([seen.seqs('stock,=%/x'), seen.seqs('stock,=%/blank ')]).toEqual([[1, 2], [1, 2]]);
    expect([...seen.gaps, ...seen.errors, ...server.requests]).toEqual([]);
  });

  it('reports a gap for a topic that it named and that cannot go on exactly', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1, 2);
    await until(() => seen.messages.length === 2);
    server.newEpoch('price.A', 'e2');
    server.store('price.A', 'missed');
    await reconnect(client);
    await until(() => seen.gaps.length === 1);
    expect(seen.gaps).toEqual([{ topic: 'price.A', epoch: 'e2', from: 1, to: 1, reason: 'epoch-changed' }]);
    server.publish('price.A', 'next');
    await until(() => seen.messages.length === 3);
  });

  it('says after every reconnect that messages may be missing, also when it can name no topic', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    await reconnect(client);
    expect(server.last.received('SUBSCRIBE')[0]?.headers).not.toHaveProperty('positions');
    expect(seen.recoveries).toEqual([{ recovered: false, resumed: [], reason: 'pattern' }]);
  });

  it('names the most recent topics, in one header that the server takes; of others nothing is fetched, and nothing comes twice', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    const topics = Array.from({ length: 200 }, (_, i) => `price.${i}`.padEnd(60, 'x'));
    for (const topic of topics) server.publish(topic, 1);
    await until(() => seen.messages.length === 200);
    for (const topic of topics) server.store(topic, 'missed');
    await reconnect(client);
    const header = server.last.received('SUBSCRIBE')[0]?.headers['positions'] ?? '';
    expect('positions'.length + header.length).toBeLessThanOrEqual(4_096);
    expect('positions'.length + header.length).toBeGreaterThan(4_000);
    const resumed = topics.slice(-named().length).reverse();
    expect(seen.recoveries).toEqual([{ recovered: false, resumed, reason: 'pattern' }]);
    // A node that is behind the one before: what was handed over already comes again.
    server.send(topics[0]!, 1);
    for (const topic of topics) server.publish(topic, 'live');
    await until(() => seen.messages.length === 400 + resumed.length);
    expect(seen.seqs(topics[199]!)).toEqual([1, 2, 3]);
    expect(seen.seqs(topics[0]!)).toEqual([1, 3]);
    // One that lapsed is guarded again, and can be named again.
    await reconnect(client);
    expect(named()[0]).toBe(`/topic/${topics[199]}=e1-3`);
    expect(server.requests).toEqual([]);
    expect([...seen.gaps, ...seen.errors]).toEqual([]);
  });

  it('does not name topics that lapsed and had no message since', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1);
    server.publish('price.B', 1);
    await until(() => seen.messages.length === 2);
    server.patterns.maxTopics = 1;
    await reconnect(client);
    expect(named()).toEqual(['/topic/price.B=e1-1']);
    server.store('price.A', 'missed');
    server.patterns.maxTopics = 1_000;
    await reconnect(client);
    expect(named()).toEqual(['/topic/price.B=e1-1']);
    server.publish('price.A', 3);
    await until(() => seen.messages.length === 3);
    expect(seen.seqs('price.A')).toEqual([1, 3]);
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['shorter headers', () => (server.patterns.maxHeader = 300)],
    ['fewer topics', () => (server.patterns.maxTopics = 9)],
  ])('names fewer topics to a server that takes %s', async (_name, bound) => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    for (let i = 0; i < 60; i++) server.publish(`price.${i}`, 1);
    await until(() => seen.messages.length === 60);
    bound();
    await reconnect(client);
    expect(named()).toHaveLength(7);
    expect(seen.recoveries).toMatchObject([{ recovered: false, resumed: { length: 7 } }]);
    expect(seen.errors).toEqual([]);
    await reconnect(client);
    expect(server.last.received('SUBSCRIBE')).toHaveLength(1);
  });

  it('relies on no position that the server did not use', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1);
    await until(() => seen.messages.length === 1);
    server.store('price.A', 'missed');
    server.intercept = ({ command, headers }, connection) => {
      if (command !== 'SUBSCRIBE') return false;
      server.patterns.subscribe({ command, headers: { ...headers, positions: '' }, body: '' }, connection);
      return true;
    };
    await reconnect(client);
    expect(seen.recoveries).toEqual([{ recovered: false, resumed: [], reason: 'pattern' }]);
    server.publish('price.A', 3);
    await until(() => seen.messages.length === 2);
    expect(seen.seqs('price.A')).toEqual([1, 3]);
    expect(server.requests).toEqual([]);
  });

  it('that is refused says so, and is asked for again on the next connection', async () => {
    server.intercept = ({ command, headers }, connection) => {
      if (command !== 'SUBSCRIBE') return false;
      connection.event('denied', { reason: 'bad-subscribe', message: 'no', 'receipt-id': headers['receipt'] ?? '' });
      return true;
    };
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    expect(seen.errors).toMatchObject([{ kind: 'denied', reason: 'bad-subscribe', message: 'no' }]);
    server.intercept = () => false;
    await reconnect(client);
    expect(seen.recoveries).toEqual([]);
    server.publish('price.A', 1);
    await until(() => seen.messages.length === 1);
  });

  it('hands over nothing more once it is unsubscribed', async () => {
    const client = open();
    const seen: RealtimeMessage[] = [];
    const sub = client.topics('price.*').subscribe((message) => {
      seen.push(message);
      sub.unsubscribe();
      sub.unsubscribe();
    });
    await live(client);
    for (let i = 1; i <= 3; i++) server.store('price.A', i);
    server.send('price.A', 1, 2, 3);
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
    await client.topic('x').publish(0);
    expect(seen).toHaveLength(1);
  });

  it('reports what the handler throws and payloads that cannot be read, and goes on', async () => {
    const client = open();
    const errors: unknown[] = [];
    const payloads: unknown[] = [];
    client.topics('price.*').subscribe(({ payload }) => {
      payloads.push(payload);
      if (payload === 1) throw new Error('no one');
    }, { onError: (error) => errors.push(error) });
    await live(client);
    server.publish('price.A', 1);
    const seq = server.store('price.A', 2);
    server.log('price.A').messages.set(seq, { seq, body: '{oops', contentType: 'application/json', headers: {} });
    server.send('price.A', seq);
    server.publish('price.A', 3);
    await until(() => payloads.length === 2);
    expect(errors).toMatchObject([{ message: 'no one' }, { kind: 'payload' }]);
  });

  it('hands over signals of its topics', async () => {
    const client = open();
    const signals: unknown[] = [];
    client.topics('price.*').subscribe(() => undefined, { onSignal: (signal) => signals.push(signal) });
    await live(client);
    server.last.event('signal', { 'subscription-id': 's0', topic: 'price.A', type: 'cursor', user: 'ada' }, '7');
    await until(() => signals.length === 1);
    expect(signals).toEqual([{ topic: 'price.A', type: 'cursor', user: 'ada', payload: 7 }]);
  });

  it('proves by its echo that an optimistic send has arrived', async () => {
    const client = open();
    watchAll(client, 'price.*');
    await live(client);
    server.intercept = ({ command, headers }) => {
      if (command === 'SEND') server.publishOnce('price.A', 'x', headers['id']);
      return command === 'SEND';
    };
    const sending = client.topic('price.A').send('x');
    expect(await sending.sent).toEqual({ epoch: 'e1', seq: 1 });
  });

  it('is not kept in the application\'s store', async () => {
    const saved: Record<string, Position>[] = [];
    const client = open({ store: { load: () => undefined, save: (positions) => void saved.push(positions) } });
    const seen = watchAll(client, 'price.*');
    watch(client, 't');
    await live(client);
    server.publish('price.A', 1);
    server.publish('t', 1);
    await until(() => seen.messages.length === 1);
    await client.close();
    expect(saved.at(-1)).toEqual({ '/topic/t': { epoch: 'e1', seq: 1 } });
  });

  it('does not make the client write to the store', async () => {
    let saves = 0;
    const client = open({ store: { load: () => undefined, save: () => void saves++ } });
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.publish('price.A', 1);
    await until(() => seen.messages.length === 1);
    await client.close();
    expect(saves).toBe(0);
  });

  it('fetches a message that a WebSocket cut at NUL, also the first of its topic', async () => {
    const client = open({ reactNative: true });
    const seen = watchAll(client, 'price.*');
    await live(client);
    const payload = 'one\0two';
    const seq = server.store('price.A', payload);
    server.log('price.A').messages.set(seq, { seq, body: payload, contentType: 'text/plain', headers: {} });
    const headers = `subscription:s0\ndestination:/topic/price.A\nepoch:e1\nseq:${seq}\ncontent-length:7\ncontent-type:text/plain`;
    server.last.socket.send(`MESSAGE\n${headers}\n\none`);
    server.publish('price.A', 'next');
    await until(() => seen.messages.length === 2);
    expect(seen.messages.map((message) => message.payload)).toEqual([payload, 'next']);
    expect([...seen.gaps, ...seen.errors]).toEqual([]);
  });

  it('ends with its client', async () => {
    const client = open();
    const seen = watchAll(client, 'price.*');
    await live(client);
    server.store('price.A', 1);
    server.send('price.A', 1);
    await until(() => seen.messages.length === 1);
    await client.close();
    expect(() => client.topics('price.*').subscribe(() => undefined)).toThrow('The client is closed');
  });
});

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

describe('positions', () => {
  const at = (seq: number): Position => ({ epoch: 'E', seq });

  it('are named in their order, as far as they fit; one that does not fit makes room for others', () => {
    const topics = [{ name: 'a+b', position: at(1) }, { name: 'x'.repeat(5_000), position: at(1) }, { name: 'none', position: undefined }, { name: 'b', position: at(2) }];
    expect(positionsHeader(topics, 9)).toEqual({ named: ['a+b', 'b'], header: '/topic/a+b=E-1,/topic/b=E-2' });
    expect(positionsHeader(topics, 1).named).toEqual(['a+b']);
    expect(positionsHeader([], 9)).toEqual({ named: [], header: '' });
  });

  it('may have exactly as many characters as the server takes', () => {
    const name = 'x'.repeat(4_096 - 'positions/topic/=E-1'.length);
    expect(positionsHeader([{ name, position: at(1) }], 9).named).toHaveLength(1);
    expect(positionsHeader([{ name: `${name}x`, position: at(1) }], 9).named).toHaveLength(0);
  });
});
