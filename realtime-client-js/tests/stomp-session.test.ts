import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Heartbeats } from '../src/heartbeats.js';
import { connect } from '../src/index.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';

describe('a server that breaks the protocol', () => {
  useServer();

  it.each([
    ['no frame', 'HTTP/1.1 400 Bad Request\r\n', 'The server broke the protocol: unknown command: "HTTP/1.1 4"'],
    ['an escape that there is not', 'MESSAGE\na:\\t\n\n\0', 'The server sent an unknown escape in a header: \\t'],
    ['a body beyond its length', 'MESSAGE\ncontent-length:1\n\nabc\0', 'The server broke the protocol: a body is longer than its content-length'],
    ['more than the largest frame', 'MESSAGE\ncontent-length:16777216\n\n', 'The server broke the protocol: a frame has more than 16777216 bytes'],
    ['CONNECTED twice', 'CONNECTED\nversion:1.2\n\n\0', 'The server broke the protocol: unexpected CONNECTED frame'],
  ])('with %s is left with that reason, and nothing is lost', async (_name, text, reason) => {
    const client = open();
    const seen = watch(client, 't');
    const seenStates = states(client);
    await live(client);
    server.publish('t', 1);
    server.store('t', 2);
    server.last.socket.send(text);
    await until(() => seen.payloads.length === 2);
    expect(seen.payloads).toEqual([1, 2]);
    expect(seenStates.find(({ state }) => state === 'offline')?.detail).toMatchObject({ code: 1006, reason });
    expect(server.connections).toHaveLength(2);
  });

  it.each([
    ['another version', { version: '1.1' }, 'The server speaks STOMP 1.1, not 1.2'],
    ['no version', {}, 'The server speaks STOMP 1.0, not 1.2'],
    ['heartbeats that are no numbers', { version: '1.2', 'heart-beat': 'often' }, 'The server broke the protocol: heart-beat is often'],
  ])('in CONNECTED, with %s, is left and asked again', async (_name, headers, reason) => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'CONNECT' || server.connections.length > 1) return false;
      connection.write({ command: 'CONNECTED', headers });
      return true;
    };
    const client = open();
    const seen = states(client);
    await live(client);
    expect(seen[0]).toMatchObject({ state: 'offline', detail: { reason } });
  });

  it('before CONNECTED is left', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'CONNECT' || server.connections.length > 1) return false;
      connection.write({ command: 'RECEIPT', headers: { 'receipt-id': 'r1' } });
      return true;
    };
    const client = open();
    const seen = states(client);
    await live(client);
    expect(seen[0]?.detail?.reason).toBe('The server broke the protocol: unexpected RECEIPT frame');
  });
});

describe('frames and WebSocket messages', () => {
  useServer();

  it.each(['text', 'binary'])('need not begin and end together: %s', async (kind) => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const frames = [1, 2, 3].map((seq) => {
      const body = JSON.stringify(`${seq} \u20AC \u{1F600}`);
      const headers = `subscription:s0\nepoch:e1\nseq:${seq}\ncontent-type:application/json\ncontent-length:${Buffer.byteLength(body)}`;
      return `MESSAGE\n${headers}\n\n${body}\0\n`;
    });
    const all = kind === 'text' ? [...frames.join('')] : [...Buffer.from(frames.join(''))].map((byte) => Buffer.of(byte));
    for (const piece of all) server.last.socket.send(piece);
    await until(() => seen.payloads.length === 3);
    expect(seen.payloads).toEqual([1, 2, 3].map((seq) => `${seq} \u20AC \u{1F600}`));
    expect(server.connections).toHaveLength(1);
  });

  it('carry bytes as bytes', async () => {
    const client = open();
    await live(client);
    const sent: boolean[] = [];
    server.last.socket.on('message', (_data, binary) => void sent.push(binary));
    await client.topic('t').publish(new Uint8Array([1, 2]));
    await client.topic('t').publish('text');
    expect(sent).toEqual([true, false]);
  });
});

describe('heartbeats', () => {
  useServer();

  it('are sent as often as both sides can and want', async () => {
    server.heartBeat = '0,100';
    const client = open({ heartbeatMs: 20 });
    let beats = 0;
    await live(client);
    const since = Date.now();
    server.last.socket.on('message', (data) => (beats += String(data) === '\n' ? 1 : 0));
    await until(() => beats === 3);
    expect(Date.now() - since).toBeGreaterThan(200);
    expect(server.last.received('CONNECT')[0]?.headers['heart-beat']).toBe('20,20');
  });

  it.each([
    ['20,100', 20, 10], ['0,20', 100, 10], [undefined, 20, 0], ['100,0', 20, 0], ['0,20', 0, 0], ['0,999999999', 20, 0],
  ])('with %s of the server and %i of ours: %i in a second', (header, everyMs, beats) => {
    vi.useFakeTimers();
    try {
      const send = vi.fn();
      const heartbeats = new Heartbeats(everyMs, send);
      expect(heartbeats.start(header)).toBe(true);
      vi.advanceTimersByTime(1_000);
      heartbeats.stop();
      vi.advanceTimersByTime(1_000);
      expect(send).toHaveBeenCalledTimes(beats);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what would break a frame', () => {
  it.each(['a\0b', 'a\nb', 'a\rb'])('is refused in credentials: %j', (text) => {
    for (const options of [{ login: text }, { passcode: text }, { connectHeaders: { tenant: text } }, { connectHeaders: { [text]: 't' } }]) {
      expect(() => connect({ url: 'ws://localhost:1', WebSocket, ...options })).toThrow(/^Option \w+ must not contain "\\/);
    }
  });

  it('is refused in names and headers', async () => {
    const client = connect({ url: 'ws://localhost:1/realtime', WebSocket });
    const topic = client.topic('t');
    expect(() => client.topic('a\0b')).toThrow(new TypeError('A topic must not contain "\\u0000"'));
    expect(() => topic.subscribe(vi.fn(), { headers: { a: '\0' } })).toThrow(new TypeError('Option headers must not contain "\\u0000"'));
    expect(() => topic.subscribe(vi.fn(), { position: { epoch: '\0', seq: 1 } })).toThrow(TypeError);
    expect(() => topic.send(1, { headers: { '\0': 'a' } })).toThrow(TypeError);
    expect(() => topic.send(1, { id: '\0' })).toThrow(TypeError);
    await expect(topic.publish(1, { type: '\0' })).rejects.toThrow(TypeError);
    await client.close();
  });
});
