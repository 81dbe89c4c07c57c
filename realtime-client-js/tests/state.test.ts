import { describe, expect, it, vi } from 'vitest';
import type { Position, PositionStore } from '../src/index.js';
import { localStorageStore } from '../src/index.js';
import { live, open, server, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

describe('a snapshot', () => {
  useServer();

  /** A counter whose messages are its increments: whatever is lost or doubled shows in the sum. */
  function counter(topic: string) {
    let total = 0;
    server.snapshots.set(topic, () => total);
    const count = (stored: 'sent' | 'stored' = 'sent'): void => {
      total++;
      const seq = server.store(topic, 1);
      if (stored === 'sent') server.send(topic, seq);
    };
    return { count, get total() { return total; } };
  }

  function follow(topic: string) {
    const client = open();
    const seen = { sum: -1, loads: 0, gaps: 0, errors: [] as unknown[] };
    const sub = client.topic(topic).subscribe<number, number>((message) => void (seen.sum += message.payload), {
      snapshot: (state) => {
        seen.sum = state;
        seen.loads++;
      },
      onGap: () => void seen.gaps++,
      onError: (error) => seen.errors.push(error),
    });
    return { client, seen, sub };
  }

  it('comes first, and live continues exactly there', async () => {
    const { count } = counter('c');
    count();
    count();
    const { client, seen, sub } = follow('c');
    await live(client);
    expect(seen).toMatchObject({ sum: 2, loads: 1 });
    expect(server.last.received('SUBSCRIBE')[0]?.headers).toMatchObject({ epoch: 'e1', 'last-seq': '2' });
    count();
    await until(() => seen.sum === 3);
    expect(sub.position).toEqual({ epoch: 'e1', seq: 3 });
  });

  it('lacks nothing that is published between it and the SUBSCRIBE', async () => {
    const { count } = counter('c');
    server.answers = [(response, url, request) => {
      server.backfill(response, url, request);
      count();
      count();
    }, server.backfill];
    const { client, seen } = follow('c');
    await live(client);
    await until(() => seen.sum === 2);
    expect(seen.loads).toBe(1);
  });

  it('is not loaded again for what a rate leaves out, also while it is being loaded', async () => {
    const real = counter('c');
    const { client, seen, sub } = follow('c');
    await live(client);
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    const gap = (from: number, to: number, reason: string) =>
      server.last.event('gap', { 'subscription-id': id, topic: 'c', epoch: 'e1', from, to, reason });
    real.count('stored');
    gap(1, 1, 'sampled');
    real.count();
    await until(() => sub.position?.seq === 2);
    expect(seen).toEqual({ sum: 1, loads: 1, gaps: 0, errors: [] });
    let answer = (): void => undefined;
    server.answers = [(response, url, request) => (answer = () => server.backfill(response, url, request))];
    real.count('stored');
    gap(3, 3, 'expired');
    await until(() => server.requests.length === 2);
    answer();
    server.answers = [];
    real.count('stored');
    gap(4, 4, 'conflated');
    real.count();
    await until(() => sub.position?.seq === 5);
    expect(server.requests).toHaveLength(2);
    expect(seen).toMatchObject({ loads: 2, gaps: 1, errors: [] });
  });

  it('is loaded again when something was lost, while live messages wait in order', async () => {
    const real = counter('c');
    const { client, seen } = follow('c');
    await live(client);
    let answer = (): void => undefined;
    server.answers = [(response, url, request) => (answer = () => server.backfill(response, url, request))];
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    for (let i = 0; i < 5; i++) real.count('stored');
    server.last.event('gap', { 'subscription-id': id, topic: 'c', epoch: 'e1', from: 1, to: 5, reason: 'expired' });
    await until(() => server.requests.length === 2);
    for (let i = 0; i < 1_500; i++) real.count();
    await client.topic('x').publish(0); // Everything before it was read.
    expect(seen.sum).toBe(0);
    server.answers = [];
    answer();
    for (let i = 0; i < 5; i++) real.count();
    await until(() => seen.sum === real.total);
    expect(seen).toEqual({ sum: 1_510, loads: 2, gaps: 1, errors: [] });
  });

  it('that is older than what waits is completed from the log', async () => {
    const real = counter('c');
    const { client, seen } = follow('c');
    await live(client);
    // Taken before 1,500 more were published; only so many of them fit.
    server.answers = [(response) => {
      for (let i = 0; i < 1_500; i++) real.count();
      void client.topic('x').publish(0).then(() => json(response, 200, { topic: 'c', epoch: 'e1', seq: 5, state: 5 }));
    }, server.backfill];
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    for (let i = 0; i < 5; i++) real.count('stored');
    server.last.event('gap', { 'subscription-id': id, topic: 'c', epoch: 'e1', from: 1, to: 5, reason: 'expired' });
    await until(() => seen.sum === 1_505);
    expect(seen.loads).toBe(2);
  });

  it('is loaded again after a reconnect that could not recover', async () => {
    const real = counter('c');
    real.count();
    const { client, seen } = follow('c');
    await live(client);
    server.newEpoch('c', 'e2');
    real.count('stored');
    server.last.cut();
    await until(() => seen.loads === 2);
    real.count();
    await until(() => seen.sum === real.total);
    expect(seen.loads).toBe(2);
  });

  it('is loaded again when the numbering begins anew while it is under way', async () => {
    const real = counter('c');
    const { client, seen } = follow('c');
    await live(client);
    let stale = (): void => undefined;
    server.answers = [(response) => (stale = () => json(response, 200, { topic: 'c', epoch: 'e1', seq: 5, state: 5 })), server.backfill];
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    for (let i = 0; i < 5; i++) real.count('stored');
    server.last.event('gap', { 'subscription-id': id, topic: 'c', epoch: 'e1', from: 1, to: 5, reason: 'expired' });
    await until(() => server.requests.length === 2);
    server.newEpoch('c', 'e2');
    real.count();
    await until(() => seen.sum === real.total);
    stale();
    real.count();
    await until(() => seen.sum === real.total);
  });

  it('that nobody provides is an error, and the client goes on', async () => {
    const client = open();
    const errors: unknown[] = [];
    client.topic('none').subscribe(() => undefined, { snapshot: () => undefined, onError: (error) => errors.push(error) });
    await live(client);
    expect(errors).toMatchObject([{ status: 404 }]);
    expect(server.last.received('SUBSCRIBE')).toEqual([]);
  });

  it('is asked for again while the server is unwell', async () => {
    const { count } = counter('c');
    count();
    server.answers = [(response) => json(response, 503, {}), (response) => response.destroy(), server.backfill];
    const { client, seen } = follow('c');
    await live(client);
    expect(seen).toMatchObject({ sum: 1, errors: [{ status: 503 }] });
  });
});

describe('positions in a store', () => {
  useServer();

  function memory(positions: Record<string, Position> = {}): PositionStore & { saved: Record<string, Position>[] } {
    const saved: Record<string, Position>[] = [];
    return { saved, load: () => saved.at(-1) ?? positions, save: (now) => void saved.push({ ...now }) };
  }

  it('survive a reload', async () => {
    const store = memory();
    const before = open({ store });
    const seen = watch(before, 't');
    await live(before);
    server.publish('t', 1, 2);
    await until(() => seen.seqs.length === 2);
    await before.close();
    server.store('t', 3);
    const after = watch(open({ store }), 't');
    await until(() => after.seqs.length === 1);
    expect(after.payloads).toEqual([3]);
    expect(after.recoveries).toMatchObject([{ recovered: true }]);
  });

  it('are written a few times a second at most, and are those of the slowest subscription', async () => {
    const store = memory();
    const client = open({ store });
    const seen = watch(client, 't');
    watch(client, 't');
    await live(client);
    for (let i = 0; i < 300; i++) server.publish('t', i);
    await until(() => seen.seqs.length === 300);
    await until(() => store.saved.at(-1)?.['/topic/t']?.seq === 300);
    expect(store.saved.length).toBeLessThan(4);
  });

  it('are kept when a subscription ends, and of those with a snapshot there are none', async () => {
    const store = memory();
    server.snapshots.set('c', () => 0);
    const client = open({ store });
    client.topic('c').subscribe(() => undefined, { snapshot: () => undefined });
    const seen = watch(client, 't');
    await live(client);
    server.publish('t', 1);
    await until(() => seen.seqs.length === 1);
    seen.sub.unsubscribe();
    expect(store.saved.at(-1)).toEqual({ '/topic/t': { epoch: 'e1', seq: 1 } });
  });

  it('give way to a position that the application names', async () => {
    const client = open({ store: memory({ '/topic/t': { epoch: 'e1', seq: 2 } }) });
    [1, 2, 3].forEach((n) => server.store('t', n));
    const seen = watch(client, 't', { position: { epoch: 'e1', seq: 1 } });
    await until(() => seen.seqs.length === 2);
    expect(seen.seqs).toEqual([2, 3]);
  });

  it('of another tab stay where that tab left them', async () => {
    const stored: Record<string, Position> = { '/topic/a': { epoch: 'e1', seq: 0 }, '/topic/b': { epoch: 'e1', seq: 0 } };
    const store = { load: () => ({ ...stored }), save: (positions: Readonly<Record<string, Position>>) => void Object.assign(stored, positions) };
    const client = open({ store });
    const seen = watch(client, 'a');
    await live(client);
    stored['/topic/b'] = { epoch: 'e1', seq: 5 };
    server.publish('a', 1);
    await until(() => seen.seqs.length === 1);
    seen.sub.unsubscribe();
    expect(stored).toEqual({ '/topic/a': { epoch: 'e1', seq: 1 }, '/topic/b': { epoch: 'e1', seq: 5 } });
  });

  it('that can be none are not asked for', async () => {
    const client = open({ transports: ['poll'], store: memory({ '/topic/t': { epoch: 'e1', seq: -1 } }) });
    const seen = watch(client, 't');
    await live(client);
    expect(seen.errors).toEqual([]);
    expect(server.streams.received('/realtime/poll')[0]?.url.searchParams.get('position')).toBeNull();
  });

  it('that cannot be stored cost nothing else', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = (): never => {
      throw new Error('The store is broken');
    };
    const client = open({ store: { load: broken, save: broken } });
    const seen = watch(client, 't');
    await live(client);
    server.publish('t', 1);
    await until(() => seen.seqs.length === 1);
    seen.sub.unsubscribe();
    server.publish('t', 2);
    await client.close();
    expect(client.state).toBe('closed');
    expect(seen.seqs).toEqual([1]);
    expect(error).toHaveBeenCalled();
    error.mockRestore();
  });

  it('are kept in localStorage, beside those of other tabs; without it nothing is', () => {
    expect(localStorageStore().load()).toEqual({});
    const items = new Map<string, string>([['mine', '{"/topic/a":{"epoch":"e","seq":1}}']]);
    vi.stubGlobal('localStorage', { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => items.set(key, value) });
    try {
      const store = localStorageStore('mine');
      store.save({ '/topic/b': { epoch: 'e', seq: 2 } });
      expect(store.load()).toEqual({ '/topic/a': { epoch: 'e', seq: 1 }, '/topic/b': { epoch: 'e', seq: 2 } });
      items.set('mine', 'not JSON');
      expect(store.load()).toEqual({});
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
