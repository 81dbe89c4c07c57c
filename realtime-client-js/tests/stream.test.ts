import { describe, expect, it } from 'vitest';
import type { RealtimeHttpError, RealtimeMessage } from '../src/index.js';
import { live, open, server, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

describe('a subscription', () => {
  useServer();

  it('hands over messages with everything they carry', async () => {
    const client = open();
    const seen: RealtimeMessage<{ text: string }>[] = [];
    client.topic('room.42').subscribe<{ text: string }>((message) => void seen.push(message));
    await live(client);
    server.send('room.42', server.store('room.42', { text: 'grüße' }, { id: 'm-1', type: 'chat', 'x-from': 'ada: "1"' }));
    await until(() => seen.length === 1);
    expect(seen[0]).toEqual({
      topic: 'room.42',
      position: { epoch: 'e1', seq: 1 },
      id: 'm-1',
      type: 'chat',
      timestamp: 1_700_000_000_001,
      headers: { 'x-from': 'ada: "1"' },
      contentType: 'application/json',
      payload: { text: 'grüße' },
    });
  });

  it('starts where live starts when nothing was asked', async () => {
    server.store('t', 'old');
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    expect(seen.sub.position).toEqual({ epoch: 'e1', seq: 1 });
    expect(seen.recoveries).toEqual([]);
    server.publish('t', 'new');
    await until(() => seen.payloads.length === 1);
    expect(seen.payloads).toEqual(['new']);
  });

  it('rewinds, with replay and RECEIPT in one WebSocket message', async () => {
    ['a', 'b', 'c'].forEach((payload) => server.store('t', payload));
    const client = open();
    const seen = watch(client, 't', { rewind: 2 });
    await until(() => seen.payloads.length === 2);
    expect(seen.payloads).toEqual(['b', 'c']);
    expect(server.last.received('SUBSCRIBE')[0]?.headers['rewind']).toBe('2');
    expect(server.requests).toEqual([]);
  });

  it('sends headers of its own with each SUBSCRIBE', async () => {
    const client = open();
    watch(client, 't', { rewind: 2, headers: { topics: 'a,b' } });
    await live(client);
    expect(server.last.received('SUBSCRIBE')[0]?.headers).toMatchObject({ topics: 'a,b', rewind: '2' });
  });

  it('continues from a position that an earlier visit kept', async () => {
    ['a', 'b', 'c'].forEach((payload) => server.store('t', payload));
    const client = open();
    const seen = watch(client, 't', { position: { epoch: 'e1', seq: 1 } });
    await until(() => seen.payloads.length === 2);
    expect(seen.seqs).toEqual([2, 3]);
    expect(seen.recoveries).toEqual([{ recovered: true, replayed: 2, position: { epoch: 'e1', seq: 3 } }]);
  });

  it('drops duplicates and puts order back without asking the log twice', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    for (let i = 1; i <= 6; i++) server.store('t', i);
    server.send('t', 1, 1, 4, 6, 5, 4, 1);
    await until(() => seen.seqs.length === 6);
    server.send('t', 2, 3, 6);
    server.publish('t', 7);
    await until(() => seen.seqs.length === 7);
    expect(seen.seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.url.search).toBe('?topic=t&epoch=e1&after=1&limit=500');
    expect(seen.gaps).toEqual([]);
  });

  it('pages through a long hole', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    for (let i = 1; i <= 1_200; i++) server.store('t', i);
    server.send('t', 1_200);
    await until(() => seen.seqs.length === 1_200);
    expect(seen.seqs).toEqual(Array.from({ length: 1_200 }, (_, i) => i + 1));
    expect(server.requests.map(({ url }) => url.searchParams.get('after'))).toEqual(['0', '500', '1000']);
  });

  it('holds a bounded number behind a hole and fetches the rest again', async () => {
    const client = open();
    let release = (): void => undefined;
    server.answers = [(response, url, request) => (release = () => server.backfill(response, url, request)), server.backfill];
    const seen = watch(client, 't');
    await live(client);
    for (let i = 1; i <= 1_600; i++) server.store('t', i);
    server.send('t', ...Array.from({ length: 1_599 }, (_, i) => i + 2));
    await until(() => server.requests.length === 1);
    // A PING of our own making: its answer comes after everything before it was read.
    await client.topic('x').publish(0);
    release();
    await until(() => seen.seqs.length === 1_600);
    expect(seen.seqs).toEqual(Array.from({ length: 1_600 }, (_, i) => i + 1));
  });

  it('passes void numbers as soon as the log settles them', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    server.void('t');
    server.void('t');
    server.publish('t', 'after the voids');
    await until(() => seen.seqs.length === 1);
    expect(seen.seqs).toEqual([3]);
    expect(seen.gaps).toEqual([]);
    expect(seen.sub.position).toEqual({ epoch: 'e1', seq: 3 });
  });

  it('repeats the backfill while the server is unwell', async () => {
    const client = open();
    server.answers = [
      (response) => response.destroy(),
      (response) => json(response, 503, {}),
      // A log that does not know yet what was announced already.
      (response) => json(response, 200, { topic: 't', epoch: 'e1', messages: [], through: 0, latest: 0, hasMore: false }),
      server.backfill,
    ];
    const seen = watch(client, 't');
    await live(client);
    server.store('t', 1);
    server.publish('t', 2);
    await until(() => seen.seqs.length === 2);
    expect(seen.seqs).toEqual([1, 2]);
    expect(server.requests).toHaveLength(4);
    expect(seen.errors).toHaveLength(1);
    expect(seen.gaps).toEqual([]);
  });

  it('reports what expired and fetches what is left', async () => {
    const client = open();
    server.answers = [
      (response) => json(response, 410, { reason: 'expired', epoch: 'e1', first: 4, latest: 6 }),
      server.backfill,
    ];
    const seen = watch(client, 't');
    await live(client);
    for (let i = 1; i <= 6; i++) server.store('t', i);
    server.send('t', 6);
    await until(() => seen.seqs.length === 3);
    expect(seen.seqs).toEqual([4, 5, 6]);
    expect(seen.gaps).toEqual([{ topic: 't', epoch: 'e1', from: 1, to: 3, reason: 'expired' }]);
    expect(seen.errors).toEqual([]);
  });

  it('goes on with what it holds when the log has another epoch', async () => {
    const client = open();
    server.answers = [(response) => json(response, 410, { reason: 'epoch-changed', epoch: 'e2', first: 1, latest: 1 })];
    const seen = watch(client, 't');
    await live(client);
    for (let i = 1; i <= 3; i++) server.store('t', i);
    server.send('t', 3);
    await until(() => seen.seqs.length === 1);
    expect(seen.seqs).toEqual([3]);
    expect(seen.gaps).toEqual([{ topic: 't', epoch: 'e1', from: 1, to: 2, reason: 'epoch-changed' }]);
  });

  it('does not wait for ever on a backfill that is refused', async () => {
    const client = open();
    server.answers = [(response) => json(response, 403, {})];
    const seen = watch(client, 't');
    await live(client);
    server.store('t', 1);
    server.publish('t', 2);
    await until(() => seen.seqs.length === 1);
    expect(seen.gaps).toEqual([{ topic: 't', epoch: 'e1', from: 1, to: 1, reason: 'unavailable' }]);
    expect((seen.errors[0] as RealtimeHttpError).status).toBe(403);
  });

  it('follows a new epoch that nobody announced, and says so', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    server.publish('t', 1, 2);
    server.newEpoch('t', 'e2');
    server.publish('t', 'new');
    await until(() => seen.seqs.length === 3);
    expect(seen.seqs).toEqual([1, 2, 1]);
    expect(seen.gaps).toEqual([{ topic: 't', epoch: 'e2', from: 1, to: 0, reason: 'epoch-changed' }]);
    expect(seen.sub.position).toEqual({ epoch: 'e2', seq: 1 });
  });

  it('moves behind an announced gap, silently for its own messages', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    server.publish('t', 1);
    for (let i = 2; i <= 5; i++) server.store('t', i);
    const gap = { 'subscription-id': id, topic: 't', epoch: 'e1' };
    server.last.event('gap', { ...gap, from: 2, to: 3, reason: 'overflow' });
    server.last.event('gap', { ...gap, from: 4, to: 4, reason: 'excluded' });
    server.send('t', 5);
    await until(() => seen.seqs.length === 2);
    expect(seen.seqs).toEqual([1, 5]);
    expect(seen.gaps).toEqual([{ topic: 't', epoch: 'e1', from: 2, to: 3, reason: 'overflow' }]);
    expect(server.requests).toEqual([]);
  });

  it('tells of what a rate leaves out, which is no loss: nothing is fetched', async () => {
    const client = open();
    const leftOut: unknown[] = [];
    const seen = watch(client, 't', { onLeftOut: (gap) => leftOut.push(gap) });
    await live(client);
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    server.publish('t', 1);
    for (let i = 2; i <= 6; i++) server.store('t', i);
    const gap = { 'subscription-id': id, topic: 't', epoch: 'e1' };
    server.last.event('gap', { ...gap, from: 2, to: 3, reason: 'sampled' });
    server.send('t', 4);
    server.last.event('gap', { ...gap, from: 5, to: 5, reason: 'conflated' });
    server.send('t', 6);
    await until(() => seen.seqs.length === 3);
    expect(seen.seqs).toEqual([1, 4, 6]);
    expect(leftOut).toEqual([
      { topic: 't', epoch: 'e1', from: 2, to: 3, reason: 'sampled' },
      { topic: 't', epoch: 'e1', from: 5, to: 5, reason: 'conflated' },
    ]);
    expect(seen.gaps).toEqual([]);
    expect(server.requests).toEqual([]);
    expect(seen.sub.position).toEqual({ epoch: 'e1', seq: 6 });
  });

  it('passes over what is kept from it on purpose, and reports what an interceptor lost', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    for (let i = 1; i <= 6; i++) server.store('t', i);
    const gap = { 'subscription-id': id, topic: 't', epoch: 'e1' };
    server.last.event('gap', { ...gap, from: 1, to: 2, reason: 'vetoed' });
    server.send('t', 3);
    server.last.event('gap', { ...gap, from: 4, to: 4, reason: 'failed' });
    server.last.event('gap', { ...gap, from: 5, to: 5, reason: 'a reason of tomorrow' });
    server.send('t', 6);
    await until(() => seen.seqs.length === 2);
    expect(seen.seqs).toEqual([3, 6]);
    expect(seen.gaps.map((each) => [each.from, each.reason])).toEqual([[4, 'failed'], [5, 'a reason of tomorrow']]);
    expect(server.requests).toEqual([]);
  });

  it('fills the hole before an announced gap first, and never shows an excluded message', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    for (let i = 1; i <= 4; i++) server.store('t', i);
    const gap = { 'subscription-id': id, topic: 't', epoch: 'e1' };
    server.last.event('gap', { ...gap, from: 3, to: 3, reason: 'excluded' });
    server.send('t', 4);
    await until(() => seen.seqs.length === 3);
    expect(seen.seqs).toEqual([1, 2, 4]);
    expect(seen.gaps).toEqual([]);
  });

  it('survives a handler that throws, and tells at which position it was', async () => {
    const client = open();
    const positions: unknown[] = [];
    const errors: unknown[] = [];
    const sub = client.topic('t').subscribe<number>((message) => {
      positions.push(sub.position);
      if (message.payload === 1) throw new Error('handler');
      return message.payload === 2 ? Promise.reject(new Error('later')) : undefined;
    }, { onError: (error) => errors.push((error as Error).message) });
    await live(client);
    for (let i = 1; i <= 3; i++) server.store('t', i);
    server.send('t', 2, 3, 1);
    await until(() => positions.length === 3 && errors.length === 2);
    expect(positions).toEqual([1, 2, 3].map((seq) => ({ epoch: 'e1', seq })));
    expect(errors).toEqual(['handler', 'later']);
  });

  it('reports JSON that is none and goes on', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const seq = server.store('t', 1);
    server.log('t').messages.set(seq, { seq, body: '{oops', contentType: 'application/json', headers: {} });
    server.send('t', seq);
    server.publish('t', 2);
    await until(() => seen.seqs.length === 1);
    expect(seen.payloads).toEqual([2]);
    expect(seen.errors).toMatchObject([{ kind: 'payload' }]);
  });

  it('hands over nothing more once the handler has unsubscribed, not even of the same batch', async () => {
    const client = open();
    const seen: number[] = [];
    const sub = client.topic('t').subscribe((message) => {
      seen.push(message.position.seq);
      sub.unsubscribe();
    });
    await live(client);
    for (let i = 1; i <= 3; i++) server.store('t', i);
    server.send('t', 1, 2, 3);
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
    expect(seen).toEqual([1]);
    expect(sub.position).toEqual({ epoch: 'e1', seq: 1 });
  });

  it('learns the topic of a user destination from the RECEIPT and fills holes there', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SUBSCRIBE') return false;
      connection.subscriptions.set(frame.headers['id'] ?? '', 'user.ada.x');
      const headers = { 'receipt-id': frame.headers['receipt'] ?? '', topic: 'user.ada.x', epoch: 'e1', seq: 0, replayed: 0 };
      connection.write({ command: 'RECEIPT', headers });
      return true;
    };
    const client = open();
    const seen: RealtimeMessage[] = [];
    client.onUser('/user/queue/x', (message) => void seen.push(message));
    await live(client);
    server.store('user.ada.x', 1);
    server.publish('user.ada.x', 2);
    await until(() => seen.length === 2);
    expect(seen.map((message) => message.topic)).toEqual(['user.ada.x', 'user.ada.x']);
    expect(server.requests[0]?.url.pathname).toBe('/realtime/topics/messages');
    expect(server.requests[0]?.url.searchParams.get('topic')).toBe('user.ada.x');
  });

  it('that ends before it was confirmed leaves the connection alone', async () => {
    server.intercept = (frame) => frame.command === 'SUBSCRIBE' && frame.headers['destination'] === '/topic/mute';
    const client = open({ timeoutMs: 80 });
    const seen = watch(client, 't');
    const mute = watch(client, 'mute');
    await until(() => server.last?.received('SUBSCRIBE').length === 2);
    mute.sub.unsubscribe();
    await live(client);
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.publish('t', 1);
    await until(() => seen.seqs.length === 1);
    expect(server.connections).toHaveLength(1);
  });

  it('that is refused ends its loop', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SUBSCRIBE') return false;
      connection.event('denied', { reason: 'forbidden', message: 'no', 'receipt-id': frame.headers['receipt'] ?? '' });
      return true;
    };
    const errors: unknown[] = [];
    for await (const _ of open().topic('t').messages({ onError: (error) => errors.push(error) })) expect.unreachable();
    expect(errors).toMatchObject([{ reason: 'forbidden' }]);
  });
});
