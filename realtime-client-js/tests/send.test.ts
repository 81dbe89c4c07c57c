import { describe, expect, it, vi } from 'vitest';
import type { Sending } from '../src/index.js';
import { live, open, server, until, useServer, watch } from './harness.js';

describe('an optimistic send', () => {
  useServer();

  it('returns at once and comes back with its id', async () => {
    const client = open();
    const echoes: unknown[] = [];
    client.topic('t').subscribe((message) => void echoes.push(message.id));
    const sending = client.topic('t').send({ text: 'hi' });
    expect(sending).toMatchObject({ state: 'sending', topic: 't', payload: { text: 'hi' } });
    await expect(sending.sent).resolves.toEqual({ epoch: 'e1', seq: 1 });
    expect(sending.state).toBe('sent');
    await until(() => echoes.length === 1);
    expect(echoes).toEqual([sending.id]);
  });

  it('waits while offline and is sent in order on return', async () => {
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    server.refuse = true;
    server.last.cut();
    await until(() => client.state !== 'live');
    const sendings = Array.from({ length: 50 }, (_, i) => client.topic('t').send(i));
    server.refuse = false;
    await Promise.all(sendings.map(({ sent }) => sent));
    await until(() => seen.payloads.length === 50);
    expect(seen.payloads).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('has twenty without an answer at a time', async () => {
    const held: (() => void)[] = [];
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND') return false;
      held.push(() => connection.write({ command: 'RECEIPT', headers: { 'receipt-id': frame.headers['receipt'] ?? '', epoch: 'e1', seq: held.length } }));
      return true;
    };
    const client = open();
    await live(client);
    const sendings = Array.from({ length: 30 }, (_, n) => client.topic('t').send(n));
    await until(() => held.length === 20);
    held.splice(0, 5).forEach((answer) => answer());
    await until(() => held.length === 20);
    expect(sendings.filter(({ state }) => state === 'sent')).toHaveLength(5);
    held.splice(0).forEach((answer) => answer());
    await until(() => held.length === 5);
    held.splice(0).forEach((answer) => answer());
    await Promise.all(sendings.map(({ sent }) => sent));
  });

  it('is published once however often the answer is lost', async () => {
    let lost = 0;
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND' || lost >= 4) return false;
      lost++;
      // Published every second time, but nobody learns about it.
      if (lost % 2 === 0) server.publishOnce('t', JSON.parse(frame.body), frame.headers['id']);
      connection.cut();
      return true;
    };
    const client = open();
    const sendings = [1, 2, 3].map((n) => client.topic('t').send(n));
    await Promise.all(sendings.map(({ sent }) => sent));
    expect([...server.log('t').messages.values()].map(({ body }) => body)).toEqual(['1', '2', '3']);
    expect(lost).toBe(4);
  });

  it.each([true, false])('is not repeated when the server may have forgotten its id (published: %s)', async (published) => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND') return false;
      if (published) server.store('t', JSON.parse(frame.body), { id: frame.headers['id'] ?? '' });
      connection.cut();
      server.refuse = true;
      return true;
    };
    const client = open({ timeoutMs: 300 });
    const seen = watch(client, 't');
    await live(client);
    const sending = client.topic('t').send(1);
    await until(() => client.state === 'offline');
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true, now: Date.now() + 5 * 60_000 });
    try {
      server.refuse = false;
      if (published) await expect(sending.sent).resolves.toEqual({ epoch: 'e1', seq: 1 });
      else await expect(sending.sent).rejects.toMatchObject({ reason: 'unknown-outcome' });
      expect(seen.payloads).toEqual(published ? [1] : []);
      expect(server.last.received('SEND')).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is proven by its echo, even when the RECEIPT never comes', async () => {
    server.intercept = (frame) => {
      if (frame.command !== 'SEND') return false;
      server.publishOnce('t', JSON.parse(frame.body), frame.headers['id']);
      return true;
    };
    const client = open();
    watch(client, 't');
    await live(client);
    await expect(client.topic('t').send(1).sent).resolves.toEqual({ epoch: 'e1', seq: 1 });
  });

  it('to an application is sent when it comes back, not when it was handled', async () => {
    let publish = (): void => undefined;
    server.application = (frame) => (publish = () => void server.publishOnce('t', 'said', frame.headers['id']));
    const client = open();
    watch(client, 't');
    await live(client);
    const sending = client.topic('t').send('said', { destination: '/app/say' });
    await client.topic('x').publish(0); // Its answer comes after the other's.
    expect(sending.state).toBe('sending');
    publish();
    await expect(sending.sent).resolves.toEqual({ epoch: 'e1', seq: 1 });
  });

  it('to an application fails when it does not come back, until it does', async () => {
    const client = open({ timeoutMs: 100 });
    watch(client, 't');
    await live(client);
    const sending = client.topic('t').send('said', { destination: '/app/say' });
    await expect(sending.sent).rejects.toMatchObject({ kind: 'timeout', reason: 'no-echo' });
    server.publishOnce('t', 'said', sending.id);
    await until(() => sending.state === 'sent');
    await expect(sending.sent).resolves.toEqual({ epoch: 'e1', seq: 1 });
  });

  it('to an application whose topic is not read is sent when it was handled', async () => {
    await expect(open().topic('t').send('said', { destination: '/app/say' }).sent).resolves.toBeUndefined();
  });

  it('fails with the reason of a refusal, and can be tried again with the same id', async () => {
    let refuse = true;
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND' || !refuse) return false;
      connection.event('denied', { reason: 'client-publish', message: 'no', 'receipt-id': frame.headers['receipt'] ?? '' });
      return true;
    };
    const client = open();
    const states: string[] = [];
    client.topic('t').onSend(({ state, error }) => states.push(error?.reason ?? state));
    client.topic('other').onSend(() => states.push('not mine'));
    const sending = client.topic('t').send(1);
    await expect(sending.sent).rejects.toMatchObject({ reason: 'client-publish' });
    refuse = false;
    sending.retry();
    await sending.sent;
    expect(states).toEqual(['sending', 'client-publish', 'sending', 'sent']);
    expect([...server.log('t').messages.values()][0]?.headers).toEqual({ id: sending.id });
  });

  it('waits as long as the server says when it is sent too often, and keeps its order', async () => {
    let limited = 3;
    const refused: number[] = [];
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND' || limited === 0) return false;
      limited--;
      refused.push(Date.now());
      connection.event('denied', { reason: 'rate-limited', message: 'later', 'retry-after-ms': '150', 'receipt-id': frame.headers['receipt'] ?? '' });
      return true;
    };
    const client = open();
    const seen = watch(client, 't');
    await live(client);
    const sendings = [1, 2, 3, 4].map((n) => client.topic('t').send(n));
    await Promise.all(sendings.map(({ sent }) => sent));
    const [first = 0] = refused;
    expect(Date.now() - first).toBeGreaterThanOrEqual(140);
    expect(refused).toHaveLength(3);
    await until(() => seen.payloads.length === 4);
    // The fourth was on its way when the others were refused.
    expect(seen.payloads).toEqual([4, 1, 2, 3]);
  });

  it('fails when the application says so', async () => {
    server.application = () => undefined;
    const client = open();
    watch(client, 't');
    await live(client);
    const sending = client.topic('t').send('x', { destination: '/app/say' });
    sending.fail('too rude');
    await expect(sending.sent).rejects.toMatchObject({ reason: 'too rude' });
    expect(sending.state).toBe('failed');
  });

  it('fails at once when too many wait, and when the client closes', async () => {
    server.refuse = true;
    const client = open({ maxPending: 2 });
    const [first, second, third] = [1, 2, 3].map((n) => client.topic('t').send(n)) as [Sending, Sending, Sending];
    expect([first.state, second.state, third.state]).toEqual(['sending', 'sending', 'failed']);
    expect(third.error).toMatchObject({ reason: 'full' });
    void client.close();
    await expect(first.sent).rejects.toMatchObject({ kind: 'closed' });
    expect(() => client.topic('t').send(1)).toThrow('closed');
  });

  it('takes a message that cannot be told as JSON for what it is', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => open().topic('t').send(cycle)).toThrow(TypeError);
  });


  it('that is too large for the server fails alone, and is not repeated', async () => {
    let connections = 0;
    server.intercept = (frame, connection) => {
      if (frame.command === 'CONNECT') connections++;
      if (frame.command !== 'SEND' || frame.body.length < 1_000) return false;
      connection.socket.close(1009, 'frame too large');
      return true;
    };
    const client = open();
    await live(client);
    const [small, big, later] = ['hello', 'x'.repeat(2_000), 'bye'].map((text) => client.topic('t').send(text)) as [Sending, Sending, Sending];
    await expect(big.sent).rejects.toMatchObject({ kind: 'denied', reason: 'too-large' });
    await Promise.all([small.sent, later.sent]);
    expect(connections).toBe(2);
  });

  it('is not blamed for the size of a publish', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND') return false;
      if (frame.body.length < 1_000) return true; // without an answer
      connection.socket.close(1009, 'frame too large');
      server.intercept = () => false;
      return true;
    };
    const client = open();
    await live(client);
    const small = client.topic('t').send('small');
    const published = client.topic('t').publish('x'.repeat(2_000));
    await expect(published).rejects.toMatchObject({ kind: 'disconnected' });
    await small.sent;
  });

  it('is refused while as many wait as may, however many are refused before', async () => {
    server.refuse = true;
    const client = open({ maxPending: 10 });
    const sendings = Array.from({ length: 100 }, (_, n) => client.topic('t').send(n));
    expect(sendings.filter(({ state }) => state === 'sending')).toHaveLength(10);
  });

  it('that is tried again while the client closes stays failed', async () => {
    server.refuse = true;
    const client = open();
    const sending = client.topic('t').send(1);
    client.onSend((own) => own.state === 'failed' && own.retry());
    void client.close();
    expect(sending.state).toBe('failed');
    await expect(sending.sent).rejects.toMatchObject({ kind: 'closed' });
  });

  it.each([new Map(), new Set(), new Blob(['x'])])('refuses what JSON would make an empty object of', (payload) => {
    expect(() => open().topic('t').send(payload)).toThrow('convert a Blob, Map, Set or Promise first');
  });

  it('takes an ArrayBuffer for bytes', async () => {
    let body: string | undefined;
    server.intercept = (frame) => {
      if (frame.command === 'SEND') body = `${frame.headers['content-type']} ${frame.body}`;
      return false;
    };
    await open().topic('t').send(new TextEncoder().encode('bytes').buffer).sent;
    expect(body).toBe('application/octet-stream bytes');
  });
});
