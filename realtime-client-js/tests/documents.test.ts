import { describe, expect, it } from 'vitest';
import { documentOf, isOurs, MAX_DOCUMENT } from '../src/documents.js';
import { RealtimeError, type ConnectOptions, type TransportName } from '../src/index.js';
import { open, server, states, until, useServer, watch } from './harness.js';

const HTML = '<!doctype html><title>Log in to the hotel\'s network</title>';

/** Something else in the server's place: each kind of answer that is not what was asked for. */
const STRANGE: readonly (readonly [string, () => Response])[] = [
  ['a page of HTML', () => new Response(HTML, { headers: { 'Content-Type': 'text/html' } })],
  ['nothing', () => new Response('')],
  ['broken JSON', () => json('{"epoch":')],
  ['null', () => json('null')],
  ['a list', () => json('[1]')],
  ['a text', () => json('"hello"')],
  ['JSON of another shape', () => json('{"status":"UP","events":{},"messages":[{}],"members":[{}],"state":1}')],
];

function json(body: string): Response {
  return new Response(body, { headers: { 'Content-Type': 'application/json' } });
}

/** A client whose requests to `path` are answered by something else. */
function behind(path: string, answer: () => Response, options: ConnectOptions = {}) {
  return open({ ...options, fetch: async (input, init) => (String(input).includes(path) ? answer() : fetch(input, init)) });
}

describe.each(STRANGE)('%s instead of the document', (_name, answer) => {
  useServer();

  it('is an error that says so, whatever was asked for', async () => {
    const expected = { kind: 'document', message: expect.stringMatching(/^The answer \(HTTP 200, .*\) is not the \w+ document that was asked for: /) as string };
    const client = behind('/topics/', answer);
    await expect(client.topic('t').history()).rejects.toMatchObject(expected);
    await expect(client.topic('t').presence()).rejects.toMatchObject(expected);
    await expect(client.unread.markRead('t')).rejects.toMatchObject(expected);
    const errors: unknown[] = [];
    client.topic('t').subscribe(() => undefined, { snapshot: () => undefined, onError: (error) => errors.push(error) });
    await until(() => errors.length > 0);
    expect(errors[0]).toMatchObject(expected);
    const people: unknown[] = [];
    client.topic('t').watchPresence({ onError: (error) => people.push(error) });
    await until(() => people.length > 0);
    expect(people[0]).toMatchObject(expected);
  });

  it('does not become a gap: what is missing is fetched when the server answers itself', async () => {
    let strange = 2;
    const client = open({ fetch: async (input, init) => (String(input).includes('/messages') && strange-- > 0 ? answer() : fetch(input, init)) });
    const seen = watch(client, 'room');
    await until(() => client.state === 'live');
    server.publish('room', 1);
    await until(() => seen.seqs.length === 1);
    server.store('room', 2); // Not sent: a hole.
    server.publish('room', 3);
    await until(() => seen.seqs.length === 3);
    expect(seen.seqs).toEqual([1, 2, 3]);
    expect(seen.gaps).toEqual([]);
    expect(seen.errors[0]).toMatchObject({ kind: 'document' });
  });

  it('does not count as the answer to a SEND', async () => {
    const client = behind('/send', answer, { transports: ['poll'] });
    await until(() => client.state === 'live');
    const error = await client.topic('t').publish(1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RealtimeError);
    expect(error).toMatchObject({ kind: 'disconnected', message: expect.stringContaining('is not the send document') as string });
  });

  it.each<[TransportName, string]>([['sse', '/sse?'], ['poll', '/poll?']])('ends a stream over %s with a reason', async (transport, path) => {
    const client = behind(path, answer, { transports: [transport] });
    const seen = states(client);
    watch(client, 't');
    await until(() => seen.some(({ state }) => state === 'offline'));
    const { reason } = seen.find(({ state }) => state === 'offline')?.detail ?? {};
    expect(reason).toMatch(transport === 'sse' ? /^the answer is not an event stream$/ : /^The answer \(HTTP 200, .*\) is not the poll document/);
  });
});

describe('something else in the server\'s place', () => {
  useServer();

  it('is no connection, and no sign that plain HTTP passes', async () => {
    const client = behind('', () => new Response(HTML, { headers: { 'Content-Type': 'text/html' } }), { transports: ['websocket', 'poll'], openMs: 50 });
    await until(() => client.state === 'live');
    server.refuse = true;
    const seen = states(client);
    server.last.cut();
    await until(() => seen.filter(({ state }) => state === 'offline').length > 5);
    expect(client.transport).toBe('websocket');

    const fallback = behind('', () => new Response(HTML, { headers: { 'Content-Type': 'text/html' } }), { transports: ['poll'] });
    const reasons = states(fallback);
    await until(() => reasons.some(({ state }) => state === 'offline'));
    expect(reasons[0]?.detail?.reason).toBe('Something other than the realtime server answered (HTTP 200), such as a proxy or a login page');
  });

  it('an event that is not a JSON object ends the stream with a reason', async () => {
    for (const data of ['null', '[]', '{"a":']) {
      const stream = new Response(`event: gap\ndata: ${data}\n\n`, { headers: { 'Content-Type': 'text/event-stream' } });
      const client = behind('/sse?', () => stream, { transports: ['sse'] });
      const seen = states(client);
      watch(client, 't');
      await until(() => seen.some(({ state }) => state === 'offline'));
      expect(seen.find(({ state }) => state === 'offline')?.detail?.reason).toBe('an event is not a JSON object');
      await client.close();
    }
  });

  it('a network that fails is a RealtimeError, and so is an answer that does not come', async () => {
    const failing = open({ fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await expect(failing.topic('t').history()).rejects.toMatchObject({ kind: 'disconnected', message: 'The request failed: TypeError: fetch failed' });
    const silent = open({ timeoutMs: 300, fetch: (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))) });
    await expect(silent.topic('t').history()).rejects.toMatchObject({ kind: 'timeout', message: 'No answer within 300 ms' });
  });

  it('a document without end is not read to its end', async () => {
    let read = 0;
    const piece = new Uint8Array(1024 * 1024).fill(32);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        read += piece.length;
        controller.enqueue(piece);
      },
    });
    await expect(documentOf(new Response(endless), 'page')).rejects.toMatchObject({ kind: 'document', message: expect.stringContaining('longer than') as string });
    expect(read).toBeLessThan(MAX_DOCUMENT + 4 * piece.length);
  });

  it('a problem of another shape leaves the status', async () => {
    const problem = new Response('{"reason":{"a":1},"first":"x","detail":7}', { status: 410, headers: { 'Content-Type': 'application/problem+json' } });
    await expect(behind('/topics/', () => problem).topic('t').history()).rejects.toMatchObject({ kind: 'http', status: 410, message: 'HTTP 410', problem: {} });
  });

  it('is told apart by its type', () => {
    expect(isOurs(new Response(null, { status: 204 }))).toBe(true);
    expect(isOurs(new Response('{}', { status: 400, headers: { 'Content-Type': 'application/problem+json;charset=UTF-8' } }))).toBe(true);
    expect(isOurs(new Response('x'))).toBe(false);
  });
});
