import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../src/index.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

const renewals = () => server.connections.flatMap((connection) => connection.received('SEND'))
  .filter(({ headers }) => headers['destination'] === '/realtime/auth');

/** A client whose tokens are `tok1`, `tok2`, …; a token that is an error cannot be had. */
function withTokens(failing: readonly number[] = [], options: ConnectOptions = {}) {
  let tokens = 0;
  const token = async () => {
    if (failing.includes(++tokens)) throw new Error('no token');
    return `tok${tokens}`;
  };
  return open({ token, ...options });
}

describe('credentials that end soon', () => {
  useServer();

  it('are renewed on the open connection', async () => {
    const client = withTokens([], { login: 'ada', connectHeaders: { tenant: 'blue' } });
    const seen = watch(client, 't');
    await live(client);
    const seenStates = states(client);
    server.last.event('expiring', { 'in-ms': 40 });
    await until(() => renewals().length === 1);
    expect(renewals()[0]?.headers).toMatchObject({ Authorization: 'Bearer tok2', login: 'ada', tenant: 'blue' });
    expect(renewals()[0]?.body).toBe('');
    server.publish('t', 'still here');
    await until(() => seen.payloads.length === 1);
    server.last.event('expiring', { 'in-ms': 40 });
    await until(() => renewals().length === 2);
    server.publish('t', 'and here');
    await until(() => seen.payloads.length === 2);
    expect(server.connections).toHaveLength(1);
    expect(seenStates).toEqual([]);
  });

  it('are renewed with a ticket where the client uses tickets', async () => {
    const client = open({ auth: 'ticket' });
    await live(client);
    server.last.event('expiring', { 'in-ms': 40 });
    await until(() => renewals().length === 1);
    expect(renewals()[0]?.headers['ticket']).toBe('t2');
    await client.topic('t').publish(1);
    expect(server.connections).toHaveLength(1);
  });

  it('are renewed once, however often the server says so', async () => {
    const client = withTokens();
    await live(client);
    for (let i = 0; i < 5; i++) server.last.event('expiring', { 'in-ms': 100 });
    await until(() => renewals().length > 0);
    await client.topic('t').publish(1);
    expect(renewals()).toHaveLength(1);
  });

  it('are renewed in the second quarter of the time that is left', async () => {
    const client = withTokens([], { reconnect: { random: () => 0.999 } });
    await live(client);
    const begun = Date.now();
    server.last.event('expiring', { 'in-ms': 400 });
    await until(() => renewals().length === 1);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(190);
  });

  it.each(['unknown-destination', 'forbidden', 'no-credentials', 'bad-credentials', 'other-user'])(
    'are brought by a new connection where the server answers %s', async (reason) => {
      server.refusesRenewal = reason;
      const client = withTokens();
      const seen = states(client);
      await live(client);
      server.last.event('expiring', { 'in-ms': 40 });
      await until(() => server.connections.length === 2 && client.state === 'live');
      expect(server.connections[0]?.received('DISCONNECT')).toHaveLength(1);
      expect(server.last.received('CONNECT')[0]?.headers['Authorization']).toBe('Bearer tok3');
      expect(seen.find(({ detail }) => detail?.reason === 'expiring')?.state).toBe('live');
    },
  );

  it('are brought by a new connection where the server does not answer', async () => {
    server.intercept = ({ headers }) => headers['destination'] === '/realtime/auth';
    const client = withTokens([], { timeoutMs: 50 });
    await live(client);
    server.last.event('expiring', { 'in-ms': 40 });
    await until(() => server.connections.length === 2 && client.state === 'live');
  });

  it('are asked for again when they cannot be had', async () => {
    const client = withTokens([2]);
    await live(client);
    server.last.event('expiring', { 'in-ms': 2_000 });
    await until(() => renewals().length === 1);
    expect(renewals()[0]?.headers['Authorization']).toBe('Bearer tok3');
    expect(server.connections).toHaveLength(1);
  });

  it('are sent again when the server could not check them', async () => {
    server.refusesRenewal = 'credentials-unchecked';
    const client = withTokens();
    await live(client);
    server.last.event('expiring', { 'in-ms': 2_000 });
    await until(() => renewals().length === 1);
    server.refusesRenewal = undefined;
    await until(() => renewals().length === 2);
    await client.topic('t').publish(1);
    expect(server.connections).toHaveLength(1);
  });

  it('end the connection when no new ones can be had in time, and the next one brings them', async () => {
    server.answers.push((response) => json(response, 503, {}), server.backfill);
    const client = open({ auth: 'ticket' });
    const seen = states(client);
    await live(client);
    server.answers.push((response) => json(response, 503, {}));
    server.last.event('expiring', { 'in-ms': 40 });
    await until(() => server.requests.length === 3);
    expect(client.state).toBe('live');
    server.answers.push(server.backfill);
    server.answers.shift();
    server.last.socket.close(4003, 'credentials expired');
    await until(() => server.connections.length === 2 && client.state === 'live');
    expect(seen.find(({ detail }) => detail?.code === 4003)?.state).toBe('offline');
  });

  it('are not renewed on a connection that is gone, nor on the next one', async () => {
    const client = withTokens();
    await live(client);
    server.last.event('expiring', { 'in-ms': 100 });
    await until(() => server.connections[0]?.received('CONNECT').length === 1);
    server.last.cut();
    await until(() => server.connections.length === 2 && client.state === 'live');
    await client.topic('t').publish(1);
    await client.close();
    expect(renewals()).toEqual([]);
  });

  it('are not renewed on a connection that the server asked us to leave', async () => {
    const client = withTokens();
    await live(client);
    server.last.event('reconnect', { 'after-ms': 60_000 });
    server.last.event('expiring', { 'in-ms': 4 });
    await client.topic('t').publish(1);
    expect(renewals()).toEqual([]);
  });

  it('are brought by a new stream where there is no WebSocket', async () => {
    const client = withTokens([], { transports: ['sse'] });
    watch(client, 't');
    await live(client);
    const seen = states(client);
    const opened = () => server.streams.requests.filter(({ url }) => url.pathname === '/realtime/sse').map(({ headers }) => headers.authorization);
    server.streams.event('expiring', { inMs: 60_000 });
    await until(() => seen.some(({ detail }) => detail?.reason === 'expiring') && opened().length === 2 && client.state === 'live');
    expect(new Set(opened()).size).toBe(2);
    expect(server.streams.received('/realtime/send')).toEqual([]);
  });
});
