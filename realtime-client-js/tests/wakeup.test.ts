import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { live, open, server, states, until, useServer, watch } from './harness.js';

/** A browser's globals, as far as the client looks at them. */
describe('a device that says something about its network', () => {
  useServer();
  let page: EventTarget & { visibilityState?: string };
  let network: EventTarget;

  beforeEach(() => {
    page = new EventTarget();
    network = new EventTarget();
    const screen = new EventTarget();
    vi.stubGlobal('addEventListener', screen.addEventListener.bind(screen));
    vi.stubGlobal('removeEventListener', screen.removeEventListener.bind(screen));
    vi.stubGlobal('dispatchEvent', screen.dispatchEvent.bind(screen));
    vi.stubGlobal('document', page);
    vi.stubGlobal('navigator', { connection: network });
  });
  afterEach(() => vi.unstubAllGlobals());

  const hours = { reconnect: { baseMs: 3_600_000, capMs: 3_600_000, random: () => 0.9 } };

  it.each([
    ['online', () => dispatchEvent(new Event('online'))],
    ['pageshow', () => dispatchEvent(new Event('pageshow'))],
    ['visibilitychange', () => page.dispatchEvent(new Event('visibilitychange'))],
    ['a change of the network', () => network.dispatchEvent(new Event('change'))],
  ])('is connected again within 3 s of %s, whatever the backoff says', async (_name, fire) => {
    const client = open(hours);
    await live(client);
    server.last.cut();
    await until(() => client.state === 'offline');
    const since = Date.now();
    fire();
    await live(client);
    expect(Date.now() - since).toBeLessThan(3_000);
  });

  it('makes one reconnect, whatever fires and however often', async () => {
    const client = open(hours);
    await live(client);
    server.last.cut();
    await until(() => client.state === 'offline');
    for (let i = 0; i < 50; i++) {
      dispatchEvent(new Event('online'));
      page.dispatchEvent(new Event('visibilitychange'));
      network.dispatchEvent(new Event('change'));
    }
    await live(client);
    for (let i = 0; i < 50; i++) dispatchEvent(new Event('online'));
    await client.topic('x').publish(0);
    expect(server.connections).toHaveLength(2);
  });

  it('has a socket that died unnoticed replaced within 3 s', async () => {
    const client = open(hours);
    const seen = watch(client, 't');
    await live(client);
    server.intercept = (_frame, connection) => connection === server.connections[0]; // Nothing comes back any more.
    server.store('t', 'missed');
    const since = Date.now();
    network.dispatchEvent(new Event('change'));
    await until(() => seen.payloads.length === 1);
    expect(Date.now() - since).toBeLessThan(3_000);
  });

  it.each(['sse', 'poll'] as const)('has a stream over %s opened anew in another network, and not for an estimate of its speed', async (transport) => {
    const client = open({ ...hours, transports: [transport] });
    const seen = watch(client, 't');
    await live(client);
    await until(() => server.streams.open > 0);
    const before = states(client);
    network.dispatchEvent(new Event('change'));
    page.dispatchEvent(new Event('visibilitychange'));
    await client.topic('x').publish(0);
    expect(before).toEqual([]);
    Object.assign(network, { type: 'cellular' });
    network.dispatchEvent(new Event('change'));
    server.store('t', 'missed');
    await until(() => seen.payloads.length === 1 && client.state === 'live');
    expect(before.map(({ state }) => state)).toEqual(['offline', 'connecting', 'recovering', 'live']);
  });

  it('leaves a socket alone that answers', async () => {
    const client = open(hours);
    await live(client);
    dispatchEvent(new Event('offline'));
    dispatchEvent(new Event('online'));
    await until(() => server.last.received('UNSUBSCRIBE').length === 2);
    await client.topic('x').publish(0);
    expect(server.connections).toHaveLength(1);
    expect(client.state).toBe('live');
  });

  it('does not shorten a wait that the server asked for', async () => {
    const client = open(hours);
    const seen = states(client);
    await live(client);
    server.last.event('reconnect', { 'after-ms': 60_000 });
    server.last.socket.close(1012);
    await until(() => client.state === 'offline');
    dispatchEvent(new Event('online'));
    expect(seen.at(-1)?.detail?.retryInMs).toBeGreaterThan(50_000);
    expect(client.state).toBe('offline');
  });

  it('is no longer listened to by a closed client', async () => {
    const client = open();
    await live(client);
    await client.close();
    dispatchEvent(new Event('online'));
    expect(client.state).toBe('closed');
  });
});
