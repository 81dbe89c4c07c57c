import { describe, expect, it } from 'vitest';
import { live, open, server, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

describe('publishing', () => {
  useServer();

  it('resolves with the position that the server gave', async () => {
    const client = open();
    const seen = watch(client, 't');
    // Before the connection is up: it waits.
    await expect(client.topic('t').publish({ n: 1 })).resolves.toEqual({ epoch: 'e1', seq: 1 });
    await until(() => seen.payloads.length === 1);
    const options = { id: 'm:1', type: 'chat', headers: { 'x-a': 'b' } };
    await expect(client.topic('t').publish({ n: 2 }, options)).resolves.toEqual({ epoch: 'e1', seq: 2 });
    expect(server.last.received('SEND')[1]).toMatchObject({
      headers: { destination: '/topic/t', id: 'm:1', type: 'chat', 'x-a': 'b', 'content-type': 'application/json' },
      body: '{"n":2}',
    });
    await until(() => seen.payloads.length === 2);
    expect(seen.payloads).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('has no position when the application answers without one', async () => {
    const client = open();
    await expect(client.topic('t').publish('hi', { destination: '/app/chat' })).resolves.toBeUndefined();
    expect(server.last.received('SEND')[0]).toMatchObject({ headers: { 'content-type': 'text/plain;charset=UTF-8' }, body: 'hi' });
  });

  it('rejects what is denied, and only that', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND' || frame.body !== '"bad"') return false;
      connection.event('denied', { reason: 'too-large', message: 'no', 'receipt-id': frame.headers['receipt'] ?? '' });
      return true;
    };
    const client = open();
    const topic = client.topic('t');
    const [good, bad] = await Promise.allSettled([topic.publish(1), topic.publish('"bad"')]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({ reason: { kind: 'denied', reason: 'too-large', message: 'no' } });
    expect(client.state).toBe('live');
  });

  it('rejects when the server answers with ERROR', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND') return false;
      connection.write({ command: 'ERROR', headers: { message: 'broken', 'receipt-id': frame.headers['receipt'] ?? '' } });
      connection.socket.close(1002);
      return true;
    };
    const client = open();
    await expect(client.topic('t').publish(1)).rejects.toMatchObject({ kind: 'protocol', message: 'broken' });
    await until(() => server.connections.length === 2 && client.state === 'live');
  });

  it('rejects when the connection breaks before the answer, and does not send it again', async () => {
    server.intercept = (frame, connection) => {
      if (frame.command !== 'SEND') return false;
      connection.cut();
      return true;
    };
    const client = open();
    await expect(client.topic('t').publish(1)).rejects.toMatchObject({ kind: 'disconnected' });
    await until(() => server.connections.length === 2 && client.state === 'live');
    expect(server.last.received('SEND')).toEqual([]);
  });

  it('rejects when there is no answer, and when the client closes', async () => {
    server.intercept = (frame) => frame.command === 'SEND';
    const hasty = open({ timeoutMs: 50 });
    await expect(hasty.topic('t').publish(1)).rejects.toMatchObject({ kind: 'timeout' });
    const client = open();
    await live(client);
    const published = client.topic('t').publish(1);
    const rejected = expect(published).rejects.toMatchObject({ kind: 'closed' });
    void client.close();
    await rejected;
  });

  it('lets only so many wait for a connection', async () => {
    server.intercept = (frame) => frame.command === 'CONNECT';
    const client = open();
    const waiting = Array.from({ length: 1_000 }, () => client.topic('t').publish(1).catch(() => undefined));
    await expect(client.topic('t').publish(1)).rejects.toMatchObject({ kind: 'disconnected' });
    void client.close();
    await Promise.all(waiting);
  });

  it('in a listener of the state does not overtake what waits', async () => {
    server.refuse = true;
    const client = open();
    const topic = client.topic('t');
    const waiting = [topic.publish('1'), topic.publish('2')];
    client.onState((state) => state === 'recovering' && void topic.publish('3'));
    server.refuse = false;
    await Promise.all(waiting);
    await until(() => server.log('t').messages.size === 3);
    expect([...server.log('t').messages.values()].map(({ body }) => body)).toEqual(['"1"', '"2"', '"3"']);
  });

  it('that timed out gives its room back', async () => {
    server.refuse = true;
    const client = open({ timeoutMs: 50, transports: ['websocket'] });
    const first = await Promise.allSettled(Array.from({ length: 1_000 }, () => client.topic('t').publish({ x: 1 })));
    expect(first.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(client.topic('t').publish({ y: 1 })).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('over HTTP', () => {
  useServer();

  it('reads history and presence', async () => {
    ['a', 'b', 'c'].forEach((payload) => server.store('room.42', payload));
    const topic = open().topic('room.42');
    const page = await topic.history({ before: 3, limit: 1 });
    expect(page).toMatchObject({ epoch: 'e1', through: 1, latest: 3, hasMore: true });
    expect(page.messages).toMatchObject([{ topic: 'room.42', position: { epoch: 'e1', seq: 1 }, payload: 'a' }]);
    await expect(topic.presence()).resolves.toEqual({
      topic: 'room.42', count: 1, members: [{ user: 'ada', connections: 2 }],
    });
  });

  it('reads payloads of every kind', async () => {
    const message = { timestamp: 1, headers: {} };
    server.answers = [(response) => json(response, 200, {
      topic: 't', epoch: 'e1', through: 5, latest: 5, hasMore: false,
      messages: [
        { ...message, seq: 1, contentType: 'application/json', payload: '42' },
        { ...message, seq: 2, contentType: 'application/json', payload: { a: 2 } },
        { ...message, seq: 3, contentType: 'text/plain', payload: '{"a":3}' },
        { ...message, seq: 4, contentType: 'text/plain;charset=UTF-8', payloadBase64: Buffer.from('grüße').toString('base64') },
        { ...message, seq: 5, contentType: 'application/vnd.x+json', payloadBase64: Buffer.from('[5]').toString('base64') },
      ],
    })];
    const page = await open().topic('t').history();
    expect(page.messages.map(({ payload }) => payload)).toEqual(['42', { a: 2 }, '{"a":3}', 'grüße', [5]]);
  });

  it('rejects with what the server said', async () => {
    server.answers = [(response) => json(response, 410, { reason: 'expired', epoch: 'e1', first: 7, latest: 9 })];
    await expect(open().topic('t').history({ after: 1 })).rejects.toMatchObject({
      status: 410, reason: 'expired', problem: { first: 7, latest: 9 },
    });
  });
});
