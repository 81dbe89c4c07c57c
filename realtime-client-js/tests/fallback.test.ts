import { describe, expect, it } from 'vitest';
import type { ConnectOptions, RealtimeMessage } from '../src/index.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

const fallbacks = ['sse', 'poll'] as const;
const over = (transport: (typeof fallbacks)[number], options: ConnectOptions = {}) => open({ transports: [transport], ...options });

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe.each(fallbacks)('over %s', (transport) => {
  useServer();

  it('hands over messages with everything they carry', async () => {
    const client = over(transport);
    const seen: RealtimeMessage[] = [];
    client.topic('room.42').subscribe((message) => void seen.push(message));
    await live(client);
    expect(client.transport).toBe(transport);
    server.send('room.42', server.store('room.42', { text: 'grüße\r\ndata: x' }, { id: 'm-1', 'x-from': 'ada', sender: 'ann' }));
    await until(() => seen.length === 1);
    expect(seen[0]).toEqual({
      topic: 'room.42',
      position: { epoch: 'e1', seq: 1 },
      id: 'm-1',
      timestamp: 1_700_000_000_001,
      sender: 'ann',
      headers: { 'x-from': 'ada', sender: 'ann' },
      contentType: 'application/json',
      payload: { text: 'grüße\r\ndata: x' },
    });
  });

  it('hands over which span has published a message', async () => {
    const client = over(transport);
    const seen: RealtimeMessage[] = [];
    client.topic('room.42').subscribe((message) => void seen.push(message));
    await live(client);
    server.send('room.42', server.store('room.42', 1, { traceparent: TRACEPARENT }));
    server.send('room.42', server.store('room.42', 2));
    await until(() => seen.length === 2);
    expect(seen.map((message) => message.traceparent)).toEqual([TRACEPARENT, undefined]);
  });

  it('asks for all subscriptions in one request, and goes on exactly when they change', async () => {
    const client = over(transport);
    const [a, b] = [watch(client, 'a'), watch(client, 'b')];
    await live(client);
    expect(server.streams.received(`/realtime/${transport}`)[0]?.url.searchParams.getAll('topic')).toEqual(['a', 'b']);
    server.publish('a', 1);
    server.publish('b', 1);
    await until(() => a.seqs.length === 1 && b.seqs.length === 1);
    server.store('c', 0);
    const c = watch(client, 'c', { rewind: 5 });
    server.store('a', 2);
    await until(() => c.payloads.length === 1 && a.seqs.length === 2);
    b.sub.unsubscribe();
    server.publish('a', 3);
    server.publish('c', 1);
    await until(() => c.payloads.length === 2 && a.seqs.length === 3);
    expect([a.seqs, b.seqs, c.payloads]).toEqual([[1, 2, 3], [1], [0, 1]]);
    expect([...a.gaps, ...a.recoveries, ...a.errors]).toEqual([]);
  });

  it('asks for a topic by its name, and for one below another prefix by its destination', async () => {
    const client = over(transport);
    const seen = ['room/42', '__x.y', '_x.y', '_presence.a b'].map((name) => watch(client, name));
    await live(client);
    const { searchParams } = server.streams.received(`/realtime/${transport}`)[0]!.url;
    expect(searchParams.getAll('topic')).toEqual(['room/42', '__x.y', '_presence.a b']);
    expect(searchParams.getAll('destination')).toEqual(['/x/y']);
    server.publish('__x.y', 'audit');
    await until(() => seen[1]!.payloads.length === 1);
    expect(seen.map(({ payloads }) => payloads.length)).toEqual([0, 1, 0, 0]);
  });

  it('serves several subscriptions to one topic, each from its own position', async () => {
    [1, 2, 3, 4].forEach((n) => server.store('t', n));
    const client = over(transport);
    const first = watch(client, 't', { position: { epoch: 'e1', seq: 3 } });
    const second = watch(client, 't', { position: { epoch: 'e1', seq: 1 } });
    const third = watch(client, 't', { position: { epoch: 'e1', seq: 0 } });
    const live4 = watch(client, 't');
    await live(client);
    server.publish('t', 5);
    await until(() => [first, second, third, live4].every(({ seqs }) => seqs.at(-1) === 5));
    expect([first.seqs, second.seqs, third.seqs, live4.seqs]).toEqual([[4, 5], [2, 3, 4, 5], [1, 2, 3, 4, 5], [5]]);
  });

  it('keeps every position through any number of cuts', async () => {
    const client = over(transport);
    const seen = watch(client, 't');
    await live(client);
    for (let round = 1; round <= 5; round++) {
      server.publish('t', `live ${round}`);
      await until(() => seen.seqs.length === 2 * round - 1 && server.streams.open > 0);
      server.streams.cut();
      server.store('t', `missed ${round}`);
      await until(() => client.state === 'live' && seen.seqs.length === 2 * round);
    }
    expect(seen.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen.recoveries.every(({ recovered }) => recovered)).toBe(true);
    expect(seen.gaps).toEqual([]);
  });

  it('says when it could not recover, also when another subscription opened the stream anew', async () => {
    const client = over(transport);
    const seen = watch(client, 't');
    await live(client);
    server.publish('t', 1);
    await until(() => seen.seqs.length === 1);
    server.newEpoch('t', 'e2');
    server.store('t', 'missed');
    watch(client, 'other');
    await until(() => seen.recoveries.length === 1);
    expect(seen.recoveries[0]).toMatchObject({ recovered: false, reason: 'epoch-changed', position: { epoch: 'e2', seq: 1 } });
    await until(() => client.state === 'live' && server.streams.open > 0);
    server.publish('t', 'next');
    await until(() => seen.payloads.at(-1) === 'next');
  });

  it('fills holes from the log', async () => {
    const client = over(transport);
    const seen = watch(client, 't');
    await live(client);
    await until(() => server.streams.open > 0);
    server.store('t', 1);
    server.publish('t', 2);
    await until(() => seen.seqs.length === 2);
    expect(seen.seqs).toEqual([1, 2]);
  });

  it('tells one subscription that it is denied, and serves the others', async () => {
    server.denied.add('secret');
    const client = over(transport);
    const [secret, t] = [watch(client, 'secret'), watch(client, 't')];
    await live(client);
    expect(secret.errors).toMatchObject([{ kind: 'denied', reason: 'no-access' }]);
    await until(() => server.streams.open > 0);
    server.publish('t', 1);
    await until(() => t.payloads.length === 1);
  });

  it('sends in order, once, with everything a SEND has', async () => {
    const client = over(transport);
    const seen = watch(client, 't');
    await live(client);
    server.streams.send = 'cut';
    const sendings = [1, 2, 3].map((n) => client.topic('t').send(n, { type: 'chat', headers: { 'x-a': 'ü&' } }));
    await until(() => server.streams.received('/realtime/send').length > 0);
    server.streams.send = 'no';
    await Promise.all(sendings.map(({ sent }) => sent));
    await until(() => seen.payloads.length === 3);
    expect(seen.payloads).toEqual([1, 2, 3]);
    const last = server.streams.requests.filter(({ method }) => method === 'POST').at(-1);
    expect(Object.fromEntries(last?.url.searchParams ?? [])).toEqual({ destination: '/topic/t', id: sendings[2]?.id, type: 'chat', 'x-a': 'ü&' });
    expect(last?.headers['content-type']).toBe('application/json');
  });

  it('does not send again what only waits for its turn', async () => {
    // All of it takes longer than an answer may, and what is under way at a time a tenth of that.
    server.streams.latencyMs = 15;
    const client = over(transport, { timeoutMs: 3_000 });
    await live(client);
    await Promise.all(Array.from({ length: 240 }, (_, n) => client.topic('t').send(n).sent));
    expect(server.streams.received('/realtime/send')).toHaveLength(240);
    expect([...server.log('t').messages.values()].map(({ body }) => Number(body))).toEqual(Array.from({ length: 240 }, (_, n) => n));
  });

  it('rejects what is refused, and knows what an application did by the echo', async () => {
    server.denied.add('locked');
    server.application = ({ headers, body }) => void server.publishOnce('t', JSON.parse(body), headers['id']);
    const client = over(transport);
    watch(client, 't');
    await live(client);
    await expect(client.topic('locked').publish(1)).rejects.toMatchObject({ kind: 'denied', reason: 'client-publish' });
    await expect(client.topic('t').publish(1)).resolves.toMatchObject({ epoch: 'e1' });
    await expect(client.topic('t').send(2, { destination: '/app/say' }).sent).resolves.toMatchObject({ epoch: 'e1' });
  });

  it('asks for what is unread, which nothing pushes here', async () => {
    server.unread('a', 3, 1);
    const client = over(transport);
    const counts: unknown[] = [];
    client.unread.watch(['a'], (topic, count) => counts.push([topic, count]));
    await live(client);
    await until(() => counts.length === 1);
    expect(counts).toEqual([['a', 3]]);
    for (let i = 0; i < 4; i++) server.store('a', i);
    await client.unread.markRead('a');
    await until(() => counts.length === 2);
    expect(counts[1]).toEqual(['a', 0]);
  });

  it('shows who is typing', async () => {
    const client = over(transport);
    watch(client, 'room');
    const seen: (readonly string[])[] = [];
    client.topic('room').typing.onChange((users) => seen.push(users));
    await live(client);
    await until(() => server.streams.open > 0);
    server.streams.event('signal', { topic: 'room', type: 'typing', user: 'ann', payload: { typing: true } });
    await until(() => seen.length === 1);
    expect(seen).toEqual([['ann']]);
    client.topic('room').typing.start();
    await until(() => server.streams.received('/realtime/send').length === 1);
  });

  it('moves on when the node drains, and obeys what it is told at the door', async () => {
    const client = over(transport);
    const seen = states(client);
    watch(client, 't');
    await live(client);
    await until(() => server.streams.open > 0);
    server.streams.event('reconnect', { afterMs: 20 });
    await until(() => seen.some(({ detail }) => detail?.reason === 'draining'));
    await until(() => seen.filter(({ state }) => state === 'live').length === 2);
    // For whoever asks: a request that its client has given up may still arrive, and take one.
    for (let i = 0; i < 5; i++) server.streams.answers.push((response) => response.writeHead(503, { 'retry-after': '60' }).end());
    server.streams.cut(); // A poll comes back by itself.
    await until(() => (seen.at(-1)?.detail?.retryInMs ?? 0) > 50_000);
    expect(seen.at(-1)?.detail?.code).toBe(1013);
  });

  it.each([401, 403, 431])('is closed for good by status %i', async (status) => {
    server.streams.answers.push((response) => json(response, status, { reason: 'bad-credentials' }));
    const client = over(transport);
    const seen = states(client);
    watch(client, 't');
    await until(() => client.state === 'closed');
    expect(seen.at(-1)?.detail).toEqual({ code: 1008, reason: 'bad-credentials' });
  });

  it('sends a token with each request, and login and passcode as parameters', async () => {
    const client = over(transport, { token: async () => 'tok', login: 'ada', passcode: 'pw' });
    watch(client, 't');
    await live(client);
    await client.topic('t').publish(1);
    expect(server.streams.requests.every(({ headers }) => headers.authorization === 'Bearer tok')).toBe(true);
    expect(server.streams.received('/realtime/send')[0]?.url.searchParams.get('login')).toBe('ada');
    expect(server.streams.received(`/realtime/${transport}`)[0]?.url.searchParams.get('passcode')).toBe('pw');
  });

  it('takes what is not numbered as it comes', async () => {
    server.unnumbered.add('/app/hello');
    const client = over(transport);
    const seen: unknown[] = [];
    client.onUser('/app/hello', (message) => void seen.push([message.payload, message.position]));
    await live(client);
    await until(() => server.streams.open > 0);
    server.streams.event('message', { destination: '/app/hello', contentType: 'text/plain', payload: 'hi' });
    await until(() => seen.length === 1);
    expect(seen).toEqual([['hi', { epoch: '', seq: 0 }]]);
    if (transport === 'sse') return;
    // To poll for it again would be to ask the application again.
    client.topic('room').subscribe(() => {});
    await until(() => server.streams.open > 0);
    expect(server.streams.received('/realtime/poll').at(-1)?.url.searchParams.getAll('destination')).toEqual([]);
  });

  it('sends again what a leaving node did not take, with the same id', async () => {
    const client = over(transport);
    await live(client);
    server.streams.answers.push((response) => response.writeHead(503).end(JSON.stringify({ reason: 'restart' })));
    await client.topic('t').send(1).sent;
    const ids = server.streams.received('/realtime/send').map(({ url }) => url.searchParams.get('id'));
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('is told when one of its topics cannot be', async () => {
    const client = over(transport);
    const good = watch(client, 'good');
    await live(client);
    await until(() => server.streams.open > 0);
    const problem = JSON.stringify({ reason: 'bad-request', detail: 'no such thing' });
    server.streams.answers.push((response) => response.writeHead(400).end(problem));
    const bad = watch(client, 'bad one');
    await until(() => bad.errors.length === 1);
    expect(bad.errors).toMatchObject([{ kind: 'denied', message: 'no such thing' }]);
    await until(() => server.streams.open > 0);
    server.publish('good', 1);
    await until(() => good.payloads.length === 1);
  });

  it('is told which of its subscriptions is wrong, wherever it stands, and asks for the others', async () => {
    server.streams.malformed.add('t3');
    const client = over(transport);
    const seen = ['t0', 't1', 't2', 't3', 't4', 't5', 't6'].map((topic) => watch(client, topic));
    await live(client);
    await until(() => server.streams.open > 0);
    for (const topic of ['t0', 't1', 't2', 't4', 't5', 't6']) server.publish(topic, topic);
    await until(() => seen.every(({ payloads }, n) => n === 3 || payloads.length === 1));
    expect(seen.map(({ errors }) => errors.length)).toEqual([0, 0, 0, 1, 0, 0, 0]);
    expect(seen[3]?.errors).toMatchObject([{ kind: 'denied', reason: 'bad-subscribe', message: 'No such topic' }]);
  });

  it('has as many subscriptions as the server allows, also after a cut', async () => {
    server.streams.limit = 5;
    const client = over(transport);
    const five = ['a', 'b', 'c', 'd', 'e'].map((topic) => watch(client, topic));
    await live(client);
    const sixth = watch(client, 'f');
    await until(() => sixth.errors.length === 1);
    for (const round of [1, 2]) {
      await until(() => client.state === 'live' && server.streams.open > 0);
      for (const topic of ['a', 'b', 'c', 'd', 'e']) server.publish(topic, round);
      await until(() => five.every(({ payloads }) => payloads.length === round));
      const before = server.streams.received(`/realtime/${transport}`).length;
      server.streams.cut();
      await until(() => server.streams.received(`/realtime/${transport}`).length > before);
    }
    expect(five.flatMap(({ errors, gaps }) => [...errors, ...gaps])).toEqual([]);
    expect(sixth.errors).toMatchObject([{ kind: 'denied', message: 'At most 5' }]);
  });

  it('has as many subscriptions as fit into an address, and keeps them when each has a position', async () => {
    const client = over(transport);
    const seen = Array.from({ length: 100 }, (_, n) => watch(client, `${n}`.padEnd(60, 'x')));
    await live(client);
    const served = seen.filter(({ errors }) => errors.length === 0);
    expect(served.length).toBeGreaterThan(65);
    expect(seen.at(-1)?.errors).toMatchObject([{ kind: 'denied', reason: 'too-many-subscriptions' }]);
    for (const topic of server.logs.keys()) for (let i = 0; i < 5; i++) server.publish(topic, i);
    await until(() => served.every(({ payloads }) => payloads.length === 5) && server.streams.open > 0);
    server.streams.cut();
    for (const topic of server.logs.keys()) server.store(topic, 'missed');
    await until(() => served.every(({ payloads }) => payloads.at(-1) === 'missed'));
    expect(Math.max(...server.streams.received(`/realtime/${transport}`).map(({ url }) => url.href.length))).toBeLessThan(7_200);
  });

  it('has as many subscriptions as a proxy lets pass', async () => {
    server.streams.longest = 1_000;
    const client = over(transport);
    const seen = Array.from({ length: 50 }, (_, n) => watch(client, `${n}`.padEnd(60, 'x')));
    await live(client);
    await until(() => server.streams.open > 0);
    const served = seen.filter(({ errors }) => errors.length === 0);
    expect(served.length).toBeGreaterThan(10);
    expect(seen.at(-1)?.errors).toMatchObject([{ kind: 'denied', reason: 'bad-subscribe', message: 'HTTP 414' }]);
  });

  it('gives up soon on a server that takes none of its subscriptions', async () => {
    server.streams.limit = 0;
    const client = over(transport);
    const seen = Array.from({ length: 90 }, (_, n) => watch(client, `t${n}`));
    await until(() => seen.every(({ errors }) => errors.length === 1));
    await live(client);
    expect(server.streams.received(`/realtime/${transport}`)).toHaveLength(50);
  });

  it('sends headers of CONNECT along, such as a CSRF token', async () => {
    const client = over(transport, { connectHeaders: { 'X-CSRF-TOKEN': 'abc' } });
    await client.topic('t').publish(1);
    expect(server.streams.requests.every(({ headers }) => headers['x-csrf-token'] === 'abc')).toBe(true);
  });

  it('closes politely', async () => {
    const client = over(transport);
    watch(client, 't');
    await live(client);
    await client.close();
    await until(() => server.streams.open === 0);
    expect(client.state).toBe('closed');
  });
});

describe('a stream of events', () => {
  useServer();

  it('stays while its heartbeats come, and is opened anew within 2.5 of them when they stop', async () => {
    const client = over('sse', { heartbeatMs: 1_000 });
    const seen = states(client);
    const messages = watch(client, 't');
    await live(client);
    expect(server.streams.received('/realtime/sse')[0]?.url.searchParams.get('heartbeat')).toBe('1000');
    await until(() => server.streams.heartbeats === 3);
    expect(server.streams.received('/realtime/sse')).toHaveLength(1);
    server.streams.heartbeats = undefined;
    await until(() => seen.some(({ detail }) => detail?.reason === 'heartbeat lost'));
    server.store('t', 1);
    server.streams.heartbeats = 0;
    await until(() => messages.seqs.length === 1);
  });
});
