import { describe, expect, it } from 'vitest';
import type { Position } from '../src/index.js';
import { positionsHeader } from '../src/recovery.js';
import { live, open, server, until, useServer } from './harness.js';
import { named, reconnect, watchAll } from './pattern-harness.js';

describe('a subscription to a pattern, after a reconnect', () => {
  useServer();

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
