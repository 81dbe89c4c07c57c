import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Transports, type TransportMemory } from '../src/transports.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';

describe('a network that blocks', () => {
  useServer();
  const items = new Map<string, string>();

  beforeEach(() => {
    items.clear();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
      removeItem: (key: string) => items.delete(key),
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it.each([[true], ['silent']] as const)('WebSockets (%s) gets server-sent events', async (refuse) => {
    server.refuse = refuse;
    const client = open({ openMs: 100 });
    const seen = watch(client, 't');
    await live(client);
    expect(client.transport).toBe('sse');
    await until(() => server.streams.open > 0);
    server.publish('t', 1);
    await until(() => seen.payloads.length === 1);
  });

  it.each(['cut', 'silent', 'held-back'] as const)('those too (%s) gets long polls', async (sse) => {
    server.refuse = true;
    server.streams.sse = sse;
    const client = open({ openMs: 100 });
    const seen = watch(client, 't');
    await live(client);
    expect(client.transport).toBe('poll');
    await until(() => server.streams.open > 0);
    server.publish('t', 1);
    await until(() => seen.payloads.length === 1);
  });

  it('WebSockets from now on: nothing is lost on the way to the next transport', async () => {
    const client = open({ openMs: 100 });
    const seen = watch(client, 't');
    await live(client);
    expect(client.transport).toBe('websocket');
    server.publish('t', 1);
    server.refuse = true;
    server.last.cut();
    server.store('t', 2);
    await until(() => client.transport === 'sse' && client.state === 'live' && seen.seqs.length === 2);
    server.streams.sse = 'cut';
    server.streams.cut();
    server.store('t', 3);
    await until(() => client.transport === 'poll' && client.state === 'live' && seen.seqs.length === 3);
    expect(seen.seqs).toEqual([1, 2, 3]);
    expect(seen.gaps).toEqual([]);
  });

  it('is remembered in this tab, so that the next page need not find out', async () => {
    server.refuse = true;
    const first = open({ openMs: 100 });
    watch(first, 't');
    await live(first);
    await first.close();
    server.refuse = false;
    const next = open();
    await live(next);
    expect(next.transport).toBe('sse');
    expect(server.connections).toEqual([]);
  });

  it('nothing but is away keeps the WebSocket', async () => {
    server.refuse = true;
    server.streams.poll = 'cut';
    const client = open({ openMs: 100 });
    const seen = states(client);
    await until(() => seen.filter(({ state }) => state === 'offline').length > 5);
    expect(client.transport).toBe('websocket');
    server.refuse = false;
    await live(client);
    expect(client.transport).toBe('websocket');
  });
});

describe('the choice of a transport', () => {
  function transports(kept?: { name: 'sse'; until: number }) {
    let time = 0;
    let memory = kept as ReturnType<TransportMemory['read']>;
    const store: TransportMemory = { read: () => memory, write: (next) => (memory = next) };
    const choice = new Transports(['websocket', 'sse', 'poll'], store, () => time);
    return { choice, pass: (ms: number) => (time += ms), memory: () => memory };
  }

  it('changes after two refusals or one silence, and after four of a transport that worked', () => {
    const { choice } = transports();
    choice.blocked('websocket', false);
    expect(choice.next()).toBe('websocket');
    choice.blocked('websocket', false);
    expect(choice.next()).toBe('sse');
    choice.worked('sse');
    for (let i = 0; i < 3; i++) choice.blocked('sse', false);
    expect(choice.next()).toBe('sse');
    choice.blocked('sse', false);
    expect(choice.next()).toBe('poll');
    choice.blocked('poll', true);
    expect(choice.next()).toBe('websocket');
  });

  it('gives the first another chance after ten minutes, and goes back at once when it is still blocked', () => {
    const { choice, pass, memory } = transports();
    choice.blocked('websocket', true);
    choice.worked(choice.next());
    expect(memory()).toEqual({ name: 'sse', until: 600_000 });
    pass(599_999);
    expect(choice.next()).toBe('sse');
    pass(2);
    expect(choice.next()).toBe('websocket');
    choice.blocked('websocket', false);
    expect(choice.next()).toBe('sse');
    pass(600_001);
    choice.worked(choice.next());
    expect(memory()).toBeUndefined();
  });

  it('gives the first a chance when the fallback is away, too', () => {
    const { choice } = transports({ name: 'sse', until: 1_000 });
    for (let i = 0; i < 3; i++) choice.away('sse');
    expect(choice.next()).toBe('sse');
    choice.away('sse');
    expect(choice.next()).toBe('websocket');
    for (let i = 0; i < 9; i++) choice.away('websocket');
    expect(choice.next()).toBe('websocket');
    choice.blocked('websocket', false);
    expect(choice.next()).toBe('sse');
  });

  it('forgets what was remembered too long ago, and ignores late news of another transport', () => {
    expect(transports({ name: 'sse', until: 1 }).choice.next()).toBe('sse');
    const { choice } = transports({ name: 'sse', until: 0 });
    expect(choice.next()).toBe('websocket');
    choice.blocked('sse', true);
    choice.worked('sse');
    expect(choice.next()).toBe('websocket');
  });
});

describe('a node out of service', () => {
  useServer();

  it('that ends a stream at once is no network that blocks streams', async () => {
    const turnedAway = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8' });
      response.end('retry: 2000\n: realtime\n\nevent: closed\ndata: {"code":1012,"reason":"restart"}\n\n');
    };
    server.streams.answers.push(turnedAway, turnedAway, turnedAway);
    const client = open({ transports: ['sse', 'poll'], reconnect: { baseMs: 8, capMs: 10_000, random: () => 0.99 } });
    const seen = states(client);
    const topic = watch(client, 't');
    await live(client);
    expect(client.transport).toBe('sse');
    const lost = seen.filter(({ state }) => state === 'offline').map(({ detail }) => detail);
    expect(lost).toMatchObject([1, 2, 3].map(() => ({ code: 1012, reason: 'restart' })));
    const pauses = lost.map((detail) => Math.round(detail?.retryInMs ?? 0));
    expect(pauses).toEqual([8, 16, 32]);
    await until(() => server.streams.open > 0);
    server.publish('t', 1);
    await until(() => topic.payloads.length === 1);
    expect([...topic.gaps, ...topic.errors]).toEqual([]);
  });
});
