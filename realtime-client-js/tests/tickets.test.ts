import { describe, expect, it } from 'vitest';
import { live, open, server, states, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

describe('tickets', () => {
  useServer();

  it('are fetched before each CONNECT, and not put into an address', async () => {
    const client = open({ auth: 'ticket', connectHeaders: { 'X-CSRF-TOKEN': 'c' } });
    await live(client);
    server.last.cut();
    await until(() => server.connections.length === 2 && client.state === 'live');
    expect(server.connections.map((connection) => connection.received('CONNECT')[0]?.headers['ticket'])).toEqual(['t1', 't2']);
    expect(server.requests.map(({ url, headers }) => [url.pathname, url.search, headers['x-csrf-token']])).toEqual([
      ['/realtime/ticket', '', 'c'], ['/realtime/ticket', '', 'c'],
    ]);
  });

  it('keep a token out of the WebSocket', async () => {
    const client = open({ auth: 'ticket', token: async () => 'long-lived' });
    await live(client);
    expect(server.last.received('CONNECT')[0]?.headers).not.toHaveProperty('Authorization');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer long-lived');
  });

  it.each(['sse', 'poll'] as const)('are fetched for each request of a session over %s', async (transport) => {
    const client = open({ auth: 'ticket', transports: [transport] });
    const seen = watch(client, 't');
    await live(client);
    await client.topic('t').publish(1);
    server.publish('t', 2);
    await until(() => seen.payloads.length > 0);
    const used = server.streams.requests.map(({ url }) => url.searchParams.get('ticket')).filter((ticket) => ticket !== null);
    expect(used.length).toBeGreaterThan(1);
    expect(new Set(used).size).toBe(used.length);
    expect(server.streams.received('/realtime/send')[0]?.url.searchParams.get('ticket')).toMatch(/^t/);
  });

  it('that cannot be had are asked for again', async () => {
    server.answers.push((response) => json(response, 401, {}), (response) => json(response, 503, {}), server.backfill);
    const client = open({ auth: 'ticket' });
    const seen = states(client);
    await live(client);
    expect(seen[0]).toMatchObject({ state: 'offline', detail: { code: 1006 } });
    expect(seen.find(({ detail }) => detail?.code === 1013)).toBeDefined();
    expect(server.last.received('CONNECT')[0]?.headers['ticket']).toBe('t1');
  });

  it('that the service refuses for good close the client', async () => {
    server.answers.push((response) => json(response, 403, { reason: 'blocked' }));
    const client = open({ auth: 'ticket' });
    const seen = states(client);
    await until(() => client.state === 'closed');
    expect(seen.at(-1)?.detail).toMatchObject({ code: 1008, reason: 'blocked' });
    expect(server.connections).toHaveLength(0);
  });
});
