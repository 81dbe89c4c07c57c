import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '../src/index.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';
import { StompServer } from './stomp-server.js';

describe('a connection', () => {
  useServer();

  it('asks for control events and sends credentials', async () => {
    const client = open({ login: 'ada', passcode: 'pw:1', token: async () => 'tok', connectHeaders: { tenant: 't1' } });
    await live(client);
    expect(server.last.received('CONNECT')[0]?.headers).toMatchObject({
      'accept-version': '1.2', realtime: '1', login: 'ada', passcode: 'pw:1',
      Authorization: 'Bearer tok', tenant: 't1', host: '127.0.0.1',
    });
    await client.topic('t').presence();
    expect(server.requests[0]?.headers.authorization).toBe('Bearer tok');
  });

  it('keeps every position through any number of cuts', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    for (let round = 1; round <= 5; round++) {
      const connections = server.connections.length;
      server.publish('t', `live ${round}`);
      server.last.cut();
      server.store('t', `missed ${round}`);
      await until(() => server.connections.length > connections && client.state === 'live' && seen.seqs.length === 2 * round);
    }
    expect(seen.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen.recoveries.every((recovery) => recovery.recovered)).toBe(true);
    expect(seen.gaps).toEqual([]);
  });

  it('says at each close which message is too large for it, and comes back less and less often', async () => {
    server.store('t', 'before');
    const large = server.store('t', 'too large');
    server.intercept = ({ command, headers }, connection) => {
      if (command !== 'SUBSCRIBE') return false;
      connection.write({ command: 'RECEIPT', headers: { 'receipt-id': headers['receipt'] ?? '', topic: 't', epoch: 'e1', seq: large, replayed: 1, recovered: 'true' } });
      connection.socket.send(`MESSAGE\nsubscription:${headers['id']}\ndestination:/topic/t\nmessage-id:e1-${large}\ncontent-length:20000000\n\n`);
      return true;
    };
    const client = open({ reconnect: { baseMs: 5, capMs: 200, random: () => 0.99 } });
    const seen = states(client);
    watch(client, 't', { position: { epoch: 'e1', seq: 1 } });
    const closes = () => seen.filter(({ state }) => state === 'offline').map(({ detail }) => detail);
    await until(() => closes().length === 5);
    expect(new Set(closes().map((detail) => detail?.reason))).toEqual(new Set([
      'The server broke the protocol: a frame has more than 16777216 bytes: message e1-2 of /topic/t',
    ]));
    expect(closes().map((detail) => Math.ceil(detail?.retryInMs ?? 0))).toEqual([5, 10, 20, 40, 80]);
  });

  it('goes from live over offline, connecting and recovering back to live', async () => {
    const client = open();
    watch(client, 't');
    const seen = states(client);
    await live(client);
    server.last.cut();
    await until(() => seen.filter(({ state }) => state === 'live').length === 2);
    expect(seen.map(({ state }) => state)).toEqual(['recovering', 'live', 'offline', 'connecting', 'recovering', 'live']);
    expect(seen[2]?.detail).toMatchObject({ code: 1006, retryInMs: expect.any(Number) });
  });

  it('says when it could not recover, and starts at the new position', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    server.publish('t', 1);
    await until(() => seen.seqs.length === 1);
    server.newEpoch('t', 'e2');
    server.store('t', 'missed');
    server.last.cut();
    await until(() => seen.recoveries.length === 1);
    const position = { epoch: 'e2', seq: 1 };
    expect(seen.recoveries).toEqual([{ recovered: false, replayed: 0, reason: 'epoch-changed', position }]);
    expect(seen.sub.position).toEqual(position);
    server.publish('t', 'next');
    await until(() => seen.seqs.length === 2);
    expect(seen.payloads).toEqual([1, 'next']);
  });

  it('abandons a backfill when the connection is lost, and recovers on the next', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    let abandoned = false;
    server.answers = [(response) => response.on('close', () => (abandoned = true))]; // Never answered.
    server.store('t', 1);
    server.publish('t', 2);
    await until(() => server.requests.length === 1);
    server.last.cut();
    await until(() => seen.seqs.length === 2 && abandoned);
    expect(seen.seqs).toEqual([1, 2]);
    expect(server.requests).toHaveLength(1);
    expect(seen.errors).toEqual([]);
  });

  it.each([1008, 4500, 4501, 4999])('does not come back after close code %i', async (code) => {
    const client = open();
    const seen = states(client);
    await live(client);
    server.last.socket.close(code, 'banned');
    await until(() => client.state === 'closed');
    expect(seen.at(-1)).toEqual({ state: 'closed', detail: { code, reason: 'banned' } });
    await expect(client.topic('t').publish(1)).rejects.toMatchObject({ kind: 'closed' });
    expect(() => client.topic('t').subscribe(() => undefined)).toThrow('closed');
    expect(server.connections).toHaveLength(1);
  });

  it.each([1000, 1001, 1012, 1013, 4000, 4499])('comes back after close code %i', async (code) => {
    const client = open();
    await live(client);
    server.last.socket.close(code);
    await until(() => server.connections.length === 2 && client.state === 'live');
  });

  it('stays until the announced time of a drain, then moves on without losing anything', async () => {
    const client = open();
    const seen = watch(client, 't');
    const seenStates = states(client);
    await live(client);
    const first = server.last;
    first.event('reconnect', { 'after-ms': 30 });
    await until(() => seenStates.some(({ detail }) => detail?.reason === 'draining'));
    expect(client.state).toBe('live');
    server.publish('t', 'still here');
    await until(() => server.connections.length === 2 && client.state === 'live');
    server.publish('t', 'there');
    await until(() => seen.seqs.length === 2);
    expect(first.received('DISCONNECT')).toHaveLength(1);
    expect(seenStates.find(({ state }) => state === 'offline')?.detail).toMatchObject({ retryInMs: 0 });
  });

  it('waits for the announced delay when the draining node closes early', async () => {
    const client = open();
    const seen = states(client);
    await live(client);
    server.last.event('reconnect', { 'after-ms': 60_000 });
    server.last.socket.close(1012);
    await until(() => client.state === 'offline');
    expect(seen.at(-1)?.detail?.code).toBe(1012);
    expect(seen.at(-1)?.detail?.retryInMs).toBeGreaterThan(50_000);
  });

  it('ignores control events that it does not know', async () => {
    const client = open();
    await live(client);
    server.last.event('constructor');
    server.last.event('of-a-later-version', { x: 1 });
    await client.topic('t').publish(1);
    expect(client.state).toBe('live');
  });

  it('tries again when the token cannot be had', async () => {
    let calls = 0;
    const client = open({ token: () => (++calls === 1 ? Promise.reject(new Error('no token')) : Promise.resolve('tok')) });
    const seen = states(client);
    await live(client);
    expect(seen[0]).toMatchObject({ state: 'offline', detail: { reason: 'Error: no token' } });
  });

  it('tries again when no token comes', async () => {
    let calls = 0;
    const client = open({ timeoutMs: 50, token: () => (++calls === 1 ? new Promise(() => undefined) : Promise.resolve('tok')) });
    const seen = states(client);
    await live(client);
    expect(seen[0]).toMatchObject({ state: 'offline', detail: { reason: 'Error: The function token returned no token within 50 ms' } });
  });

  it('notices a dead socket by its missing heartbeats', async () => {
    server.heartBeat = '20,20';
    server.intercept = (frame) => frame.command !== 'CONNECT';
    const client = open({ heartbeatMs: 20 });
    const seen = states(client);
    await until(() => seen.some(({ detail }) => detail?.reason === 'heartbeat lost'));
    await until(() => server.connections.length > 1);
  });

  it('gives up on a server that never says CONNECTED, and tries again', async () => {
    server.intercept = (frame) => frame.command === 'CONNECT' && server.connections.length === 1;
    const client = open({ timeoutMs: 100 });
    const seen = states(client);
    await live(client);
    expect(seen[0]?.detail?.reason).toBe('no CONNECTED frame in time');
  });

  it('gives up on a connection that does not answer a SUBSCRIBE', async () => {
    server.intercept = (frame) => frame.command === 'SUBSCRIBE' && server.connections.length === 1;
    const client = open({ timeoutMs: 100 });
    const seen = watch(client, 't');
    await live(client);
    expect(server.connections).toHaveLength(2);
    expect(seen.errors).toMatchObject([{ kind: 'timeout' }]);
  });

  it('tells the text of an ERROR frame and obeys the close code after it', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'CONNECT') return false;
      connection.write({ command: 'ERROR', headers: { message: 'bad credentials' } });
      connection.socket.close(1008);
      return true;
    };
    const client = open();
    const seen = states(client);
    await until(() => client.state === 'closed');
    expect(seen.at(-1)?.detail).toEqual({ code: 1008, reason: 'bad credentials' });
  });

  it('tells a subscription that it is denied and lives on', async () => {
    server.intercept = (frame, connection) => {
      if (frame.headers['destination'] !== '/topic/secret') return false;
      const { receipt = '', id = '' } = frame.headers;
      connection.event('denied', { reason: 'forbidden', message: 'not yours', 'receipt-id': receipt, 'subscription-id': id });
      return true;
    };
    const client = open();
    const seen = watch(client, 'secret');
    await live(client);
    expect(seen.errors).toMatchObject([{ kind: 'denied', reason: 'forbidden', message: 'not yours' }]);
    server.last.event('denied', { reason: 'revoked', message: 'no more', 'subscription-id': 's0' });
    await until(() => seen.errors.length === 2);
  });

  it('asks again for a subscription that came too soon, when the server says', async () => {
    let limited = 2;
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SUBSCRIBE' || limited === 0) return false;
      limited--;
      const { receipt = '', id = '' } = frame.headers;
      connection.event('denied', { reason: 'rate-limited', message: 'later', 'retry-after-ms': '50', 'receipt-id': receipt, 'subscription-id': id });
      return true;
    };
    const client = open();
    const seen = watch(client, 't');
    const gone = watch(client, 'gone');
    gone.sub.unsubscribe();
    await live(client);
    server.publish('t', 'hello');
    await until(() => seen.payloads.length === 1);
    expect(seen.errors).toEqual([]);
    expect(server.connections).toHaveLength(1);
  });

  it('comes back after a 1008 that says when', async () => {
    let limited = 1;
    server.intercept = (frame, connection) => {
      if (frame.command !== 'CONNECT' || limited === 0) return false;
      limited--;
      connection.write({ command: 'ERROR', headers: { message: 'later', 'retry-after-ms': '50' } });
      connection.socket.close(1008, 'rate-limited');
      return true;
    };
    const client = open();
    await live(client);
    expect(server.connections).toHaveLength(2);
  });

  it('takes turns between servers, for WebSocket and HTTP alike', async () => {
    const other = await StompServer.start();
    try {
      const client = open({ servers: [server.url, other.url] });
      await live(client);
      server.last.cut();
      await until(() => other.connections.length === 1 && client.state === 'live');
      await client.topic('t').presence();
      expect(other.requests).toHaveLength(1);
      other.last.cut();
      await until(() => server.connections.length === 2 && client.state === 'live');
    } finally {
      await other.stop();
    }
  });

  it('closes politely, for good, and as often as one likes', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const closed = client.close();
    expect(client.state).toBe('closed');
    await closed;
    await client.close();
    await until(() => server.last.closed);
    expect(server.last.received('DISCONNECT')).toHaveLength(1);
    expect(seen.payloads).toEqual([]);
  });

  it('refuses an address that is none', () => {
    expect(() => connect({ url: 'not an address', WebSocket })).toThrow(TypeError);
  });

  it('that is hidden sends its heartbeats when something arrives, for timers are throttled', async () => {
    const client = open({ heartbeatMs: 30 });
    const seen = watch(client, 't');
    await live(client);
    let beats = 0;
    server.last.socket.on('message', (data) => (beats += String(data) === '\n' ? 1 : 0));
    server.publish('t', 0);
    await until(() => seen.seqs.length === 1);
    expect(beats).toBe(0);
    vi.stubGlobal('document', { visibilityState: 'hidden' });
    try {
      await until(() => {
        server.publish('t', 1);
        return beats > 1;
      }, 'heartbeats');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('does not blame the network for one of several servers that hangs', async () => {
    const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const { port } = hanging.address() as AddressInfo;
    const asked: string[] = [];
    const client = open({
      url: `ws://127.0.0.1:${port}/realtime`,
      servers: [server.url],
      openMs: 50,
      fetch: async (url) => {
        asked.push(new URL(String(url)).port);
        throw new TypeError('no answer');
      },
    });
    await live(client);
    hanging.close();
    expect(client.transport).toBe('websocket');
    expect(asked).toEqual([String(port)]);
  });
});
