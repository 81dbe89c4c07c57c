import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ConnectOptions } from '../src/index.js';
import { live, open as openAny, server, states, until, useServer, watch } from './harness.js';

/** Cuts texts at their first NUL, both ways, and cannot be ended at once. */
class CuttingWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols);
    Object.defineProperty(this, 'terminate', { value: undefined });
  }

  override send(data: string | Uint8Array): void {
    super.send(typeof data === 'string' ? data.split('\0', 1)[0] ?? '' : data);
  }

  override emit(event: string, ...args: unknown[]): boolean {
    const [data, binary] = args;
    const cut = event === 'message' && binary === false ? [Buffer.from(String(data).split('\0', 1)[0] ?? ''), false] : args;
    return super.emit(event as 'message', ...(cut as [WebSocket.RawData, boolean]));
  }
}

function open(options: ConnectOptions = {}) {
  return openAny({ WebSocket: CuttingWebSocket, reactNative: true, ...options });
}

describe('a WebSocket that cuts texts at NUL', () => {
  useServer();
  afterEach(() => vi.unstubAllGlobals());

  it('carries everything when the client knows it, through cuts of the network too', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const binary: boolean[] = [];
    server.last.socket.on('message', (_data, isBinary) => void binary.push(isBinary));
    await client.topic('t').publish({ text: 'gr\u00FC\u00DF \u{1F600}' });
    server.publish('t', 'two');
    server.store('t', 'missed 1');
    server.store('t', 'missed 2');
    server.last.cut();
    await until(() => seen.payloads.length === 4);
    expect(seen.payloads).toEqual([{ text: 'gr\u00FC\u00DF \u{1F600}' }, 'two', 'missed 1', 'missed 2']);
    expect(seen.gaps).toEqual([]);
    expect(binary.length > 0 && binary.every(Boolean)).toBe(true);
    await client.close();
    expect(server.last.received('DISCONNECT')).toHaveLength(1);
  });

  it('gets control events, and one frame in each message', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    expect(server.last.received('CONNECT')[0]?.headers).toMatchObject({ realtime: '1', 'single-frames': '1' });
    server.last.event('denied', { reason: 'revoked', message: 'no more', 'subscription-id': 's0' });
    await until(() => seen.errors.length === 1);
    expect(seen.errors).toMatchObject([{ kind: 'denied', reason: 'revoked', message: 'no more' }]);
  });

  it('keeps alive by heartbeats of both sides', async () => {
    server.heartBeat = '20,20';
    const client = open({ heartbeatMs: 20 });
    await live(client);
    let beats = 0;
    server.last.socket.on('message', (data) => (beats += String(data) === '\n' ? 1 : 0));
    const timer = setInterval(() => server.last.socket.send('\n'), 20);
    await until(() => beats > 5);
    clearInterval(timer);
    expect(client.state).toBe('live');
    expect(server.connections).toHaveLength(1);
  });

  it('cuts bodies that contain NUL: those are fetched, each in its turn, also the last', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    for (const payload of ['one', 'two\0and more', 'three', 'four\0']) {
      const { body: _, ...stored } = server.log('t').messages.get(server.store('t', payload))!;
      server.log('t').messages.set(stored.seq, { ...stored, contentType: 'text/plain', body: payload });
      server.send('t', stored.seq);
    }
    await until(() => seen.payloads.length === 4);
    expect(seen.payloads).toEqual(['one', 'two\0and more', 'three', 'four\0']);
    expect(seen.seqs).toEqual([1, 2, 3, 4]);
    expect([...seen.gaps, ...seen.errors]).toEqual([]);
    expect(server.connections).toHaveLength(1);
  });

  it('cuts bodies that contain NUL: also the first that a subscription gets', async () => {
    const seq = server.store('t', '');
    server.log('t').messages.set(seq, { seq, contentType: 'text/plain', body: 'one\0two', headers: {} });
    const seen = watch(open(), 't', { rewind: 1 });
    await until(() => seen.payloads.length === 1);
    expect(seen.payloads).toEqual(['one\0two']);
  });

  it('says so where a body with NUL is in no log', async () => {
    const client = open();
    const errors: unknown[] = [];
    client.onUser('/user/queue/notes', () => undefined, { onError: (error) => errors.push(error) });
    await live(client);
    server.last.socket.send('MESSAGE\nsubscription:s0\ncontent-length:3\n\na\0b\0');
    await until(() => errors.length === 1);
    expect(errors).toMatchObject([{ kind: 'payload' }]);
    expect(client.state).toBe('live');
  });

  it('is of no use to a client that does not know it', async () => {
    const client = open({ reactNative: false, timeoutMs: 100 });
    const seen = states(client);
    await until(() => seen.some(({ detail }) => detail?.reason === 'no CONNECTED frame in time'));
  });

  it('is expected in React Native', async () => {
    vi.stubGlobal('navigator', { product: 'ReactNative' });
    await live(openAny({ WebSocket: CuttingWebSocket }));
  });
});

describe('a WebSocket that cuts nothing', () => {
  useServer();

  it('works as well where it is taken for one that does', async () => {
    const client = openAny({ reactNative: true });
    const seen = watch(client, 't');
    await live(client);
    server.last.socket.send('\n');
    server.publish('t', 1, 2);
    await client.topic('t').publish(3);
    await until(() => seen.payloads.length === 3);
    server.last.event('gap', { 'subscription-id': 's0', topic: 't', epoch: 'e1', from: 4, to: 4, reason: 'x' });
    await until(() => seen.gaps.length === 1);
    expect(seen.payloads).toEqual([1, 2, 3]);
    expect(server.connections).toHaveLength(1);
  });
});
