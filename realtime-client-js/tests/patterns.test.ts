import { describe, expect, it } from 'vitest';
import type { Position, RealtimeError, RealtimeMessage } from '../src/index.js';
import { MAX_TOPICS } from '../src/pattern-stream.js';
import { live, open, server, until, useServer, watch } from './harness.js';
import { gap, named, reconnect, watchAll } from './pattern-harness.js';

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
