import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectOptions, TransportName } from '../src/index.js';
import { RealtimeHttp } from '../src/http.js';
import { UnreadPolls } from '../src/unread-polls.js';
import { accepted } from '../src/verdict.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';
import { json } from './stomp-server.js';

const PAGE = '<!doctype html><title>Sorry</title>';
const html = (status: number) => new Response(PAGE, { status, headers: { 'Content-Type': 'text/html;charset=UTF-8' } });
const problem = (status: number, document: object = { detail: 'No' }) =>
  new Response(JSON.stringify({ status, ...document }), { status, headers: { 'Content-Type': 'application/problem+json' } });
const redirected = (response: Response) => Object.defineProperty(response, 'redirected', { value: true });

/** A client whose first requests to `path` are answered by something else. */
function behind(path: string, answers: (() => Response)[], options: ConnectOptions = {}) {
  const left = [...answers];
  return open({
    ...options,
    fetch: async (input, init) => {
      const answer = String(input).includes(path) ? left.shift() : undefined;
      return answer ? answer() : fetch(input, init);
    },
  });
}

const times = (count: number, answer: () => Response) => Array.from({ length: count }, () => answer);

describe('an HTTP answer', () => {
  it.each<[string, Response]>([
    ['a document', Response.json({})],
    ['nothing', new Response(null, { status: 204 })],
    ['a page that was asked for', html(200)],
    ['a document from elsewhere', redirected(Response.json({}))],
  ])('that is %s is read', async (_, response) => {
    await expect(accepted(response)).resolves.toBe(response);
  });

  it.each<[string, Response, string]>([
    ['the page of a login', redirected(html(200)), 'unauthorized'],
    ['a filter\'s 401', new Response(null, { status: 401 }), 'unauthorized'],
    ['a 401 of the application', problem(401), 'unauthorized'],
    ['credentials that have expired', problem(401, { reason: 'credentials expired', detail: 'No' }), 'unauthorized'],
    ['credentials that are wrong', problem(401, { reason: 'bad-credentials', detail: 'No' }), 'final'],
    ['the service\'s 403', problem(403), 'final'],
    ['the service\'s 404', problem(404), 'final'],
    ['a body that is too large for the proxy', html(413), 'final'],
    ['a proxy\'s 403', html(403), 'retry'],
    ['a proxy\'s 404', new Response('default backend - 404', { status: 404 }), 'retry'],
    ['an error document of Spring Boot', Response.json({ status: 403, error: 'Forbidden' }, { status: 403 }), 'retry'],
    ['a problem without a sentence', problem(404, {}), 'retry'],
    ['a 404 of another Spring application', problem(404, { detail: 'No static resource', instance: '/realtime/poll' }), 'retry'],
    ['a body that was too slow', problem(408), 'retry'],
    ['one of too many', problem(429), 'retry'],
    ['a store that is away', problem(503), 'retry'],
  ])('that is %s has a verdict', async (_, response, verdict) => {
    await expect(accepted(response)).rejects.toMatchObject({ kind: 'http', status: response.status, verdict });
  });

  it.each([['120', 120_000], ['Fri, 27 Nov 2026 12:00:00 GMT', undefined]])('says when to come back: %s', async (header, retryAfterMs) => {
    const response = new Response(null, { status: 503, headers: { 'Retry-After': header } });
    await expect(accepted(response)).rejects.toMatchObject({ retryAfterMs });
  });
});

describe.each<[string, () => Response]>([
  ['a proxy\'s 403', () => html(403)],
  ['a proxy\'s 404', () => html(404)],
  ['a 401', () => new Response(null, { status: 401 })],
  ['the page of a login', () => redirected(html(200))],
])('%s in between', (_name, answer) => {
  useServer();

  it('does not keep a state from being loaded', async () => {
    server.snapshots.set('t', () => 'state');
    let token = 0;
    const tokens: unknown[] = [];
    const client = open({
      token: async () => `${++token}`,
      fetch: async (input, init) => {
        if (!String(input).includes('/snapshot')) return fetch(input, init);
        tokens.push((init?.headers as Record<string, string>)['Authorization']);
        return tokens.length === 1 || tokens.length === 3 ? answer() : fetch(input, init);
      },
    });
    const [loaded, got, errors] = [[] as unknown[], [] as unknown[], [] as unknown[]];
    client.topic('t').subscribe(({ payload }) => void got.push(payload), {
      snapshot: (state) => void loaded.push(state), onError: (error) => errors.push(error),
    });
    await live(client);
    server.publish('t', 1);
    await until(() => got.length === 1);
    // Nor after a loss.
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    server.store('t', 2);
    server.last.event('gap', { 'subscription-id': id, topic: 't', epoch: 'e1', from: 2, to: 2, reason: 'expired' });
    await until(() => loaded.length === 2);
    server.publish('t', 3);
    await until(() => got.length === 2);
    expect(got).toEqual([1, 3]);
    expect(errors).toMatchObject([{ kind: 'http' }, { kind: 'http' }]);
    expect(new Set(tokens).size).toBe(4);
  });

  it('does not keep presence from being known', async () => {
    server.join('t', 'ann');
    const client = behind('/presence', [answer]);
    const seen: (readonly string[])[] = [];
    client.topic('t').watchPresence({ onChange: (members) => seen.push(members), onError: () => undefined });
    await until(() => seen.length === 1);
    server.join('t', 'bob');
    await until(() => seen.length === 2);
    expect(seen).toEqual([['ann'], ['ann', 'bob']]);
  });

  it('does not become a gap', async () => {
    const client = behind('/messages', [answer]);
    const seen = watch(client, 't');
    await live(client);
    server.store('t', 1);
    server.publish('t', 2);
    await until(() => seen.seqs.length === 2);
    expect(seen.gaps).toEqual([]);
    expect(seen.errors).toHaveLength(1);
  });

  it.each<TransportName>(['sse', 'poll'])('does not close a client over %s', async (transport) => {
    const client = behind(`/${transport}?`, [answer], { transports: [transport] });
    const history = states(client);
    const seen = watch(client, 't');
    await until(() => history.some(({ state }) => state === 'offline'));
    await until(() => client.state === 'live' && server.streams.open > 0);
    server.publish('t', 1);
    await until(() => seen.payloads.length === 1);
    expect(history.find(({ state }) => state === 'offline')?.detail?.reason).toBe([401, 200].includes(answer().status) ? 'unauthorized' : `HTTP ${answer().status}`);
    expect(seen.errors).toEqual([]);
  });

  it('does not fail a SEND', async () => {
    const client = behind('/send', [answer], { transports: ['poll'] });
    await live(client);
    await Promise.all([1, 2].map((n) => client.topic('t').send(n).sent));
    expect([...server.log('t').messages.values()].map(({ body }) => body)).toEqual(['1', '2']);
  });

  it('is told to the application that asked', async () => {
    const verdict = [401, 200].includes(answer().status) ? 'unauthorized' : 'retry';
    const client = behind('/topics/', times(3, answer));
    await expect(client.topic('t').history()).rejects.toMatchObject({ kind: 'http', verdict });
    await expect(client.topic('t').presence()).rejects.toMatchObject({ kind: 'http', verdict });
    await expect(client.unread.markRead('t')).rejects.toMatchObject({ kind: 'http', verdict });
  });

  it('that stays is an answer in the end: the stream goes on with a gap, a SEND fails, and others are live', async () => {
    const client = behind('/topics/', times(1_000, answer));
    const [seen, errors] = [watch(client, 't'), [] as unknown[]];
    client.topic('u').subscribe(() => undefined, { snapshot: () => undefined, onError: (error) => errors.push(error) });
    await live(client);
    server.store('t', 1);
    server.publish('t', 2);
    await until(() => seen.seqs.length === 1);
    expect(seen.gaps).toEqual([{ topic: 't', epoch: 'e1', from: 1, to: 1, reason: 'unavailable' }]);
    expect(errors).toHaveLength(1);

    const sender = behind('/send', times(6, answer), { transports: ['poll'] });
    await live(sender);
    const [first, second] = [1, 2].map((n) => sender.topic('t').send(n));
    await expect(first?.sent).rejects.toMatchObject({ kind: 'denied', message: expect.stringMatching(/^HTTP /) as string });
    await second?.sent;
  });
});

describe('a state that is refused for long', () => {
  useServer();

  it('is loaded late, and its subscription follows', async () => {
    server.snapshots.set('t', () => 'state');
    const client = behind('/snapshot', times(9, () => html(403)));
    const got: unknown[] = [];
    client.topic('t').subscribe(({ payload }) => void got.push(payload), { snapshot: (state) => void got.push(state), onError: () => undefined });
    await live(client);
    expect(got).toEqual([]);
    await until(() => server.last.received('SUBSCRIBE').length === 1);
    server.publish('t', 1);
    await until(() => got.length === 2);
    expect(got).toEqual(['state', 1]);
  });
});

describe('unread counts that are asked for', () => {
  afterEach(() => vi.useRealTimers());

  function poll(...answers: (() => Response)[]) {
    vi.useFakeTimers();
    const told: unknown[] = [];
    const state = { topic: 't', epoch: 'e', unread: 3, latest: 3, read: 0 };
    const polls = new UnreadPolls(async () => {
      const answer = answers.shift();
      if (answer) await accepted(answer());
      return [state];
    }, {
      receipt: (id) => told.push(id),
      control: ({ reason, 'receipt-id': receipt }) => told.push([reason, receipt]),
      message: (_id, _headers, body) => told.push((body as { payload: unknown }).payload),
    });
    polls.add('s', { topics: 't', receipt: 'r' });
    return { told, state, polls };
  }

  it('come when a proxy lets them pass, and nothing waits for that', async () => {
    const { told, state, polls } = poll(() => html(404), () => html(404), () => problem(503));
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['r', ['HTTP 404', undefined]]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual(['r', ['HTTP 404', undefined], state]);
    polls.stop();
  });

  it('are not asked for again when the service refuses', async () => {
    const { told } = poll(() => problem(404, { reason: 'no-read-positions', detail: 'No' }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([['no-read-positions', 'r']]);
  });
});

describe('signals of requests', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('have no listeners left when their requests are over', async () => {
    vi.useFakeTimers();
    let listeners = 0;
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function (this: EventTarget, ...args) {
      if (args[0] === 'abort') listeners++;
      addEventListener.apply(this, args);
    });
    vi.spyOn(EventTarget.prototype, 'removeEventListener').mockImplementation(function (this: EventTarget, ...args) {
      if (args[0] === 'abort') listeners--;
      removeEventListener.apply(this, args);
    });
    const http = new RealtimeHttp(() => 'https://host/realtime', {
      fetch: async () => Response.json([]), token: undefined, timeoutMs: 1_000, connectHeaders: {},
    });
    const polls = new UnreadPolls((topics, signal) => http.unread(topics, signal), { receipt: () => undefined, control: () => undefined, message: () => undefined });
    polls.add('s', { topics: 't' });
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(listeners).toBeLessThanOrEqual(1); // The pause under way.
    polls.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(listeners).toBe(0);
  });
});

describe('a login before everything', () => {
  useServer();
  let login: Server;
  let url: string;
  let requests: string[];

  /** Whatever is asked for leads to its page. */
  beforeEach(async () => {
    requests = [];
    login = createServer((request, response) => {
      if (request.url !== '/login') requests.push(request.url ?? '');
      if (request.url === '/login') response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end(PAGE);
      else response.writeHead(302, { location: '/login' }).end();
    });
    await new Promise<void>((resolve) => login.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(login.address() as AddressInfo).port}/realtime`;
  });
  afterEach(() => void login.close().closeAllConnections());

  it.each<[string, TransportName[]]>([
    ['a WebSocket', ['websocket', 'sse', 'poll']], ['a stream', ['sse', 'poll']], ['polls', ['poll']],
  ])('is named to a client over %s, and is no reason for another transport', async (_, transports) => {
    const client = open({ url, transports, openMs: 50 });
    const seen = states(client);
    watch(client, 't');
    await until(() => seen.filter(({ detail }) => detail?.reason === 'unauthorized').length > 5);
    expect(client.transport).toBe(transports[0]);
    expect(new Set(requests)).toEqual(new Set(transports[0] === 'websocket' ? ['/realtime', '/realtime/poll'] : ['/realtime/poll']));
    await expect(client.topic('t').history()).rejects.toMatchObject({ kind: 'http', status: 200, reason: 'unauthorized' });
  });

  it('is passed when the user has logged in', async () => {
    let away = true;
    const client = open({ transports: ['sse'], fetch: (input, init) => fetch(away ? url.replace('ws', 'http') : String(input), init) });
    const seen = states(client);
    await until(() => seen.some(({ detail }) => detail?.reason === 'unauthorized'));
    away = false;
    await live(client);
  });
});

describe('every request', () => {
  useServer();
  afterEach(() => vi.unstubAllGlobals());

  async function requests(options: ConnectOptions = {}) {
    const seen: { path: string; init: RequestInit; headers: Record<string, string> }[] = [];
    const client = open({
      connectHeaders: { 'X-CSRF-TOKEN': 'abc' }, transports: ['sse'], ...options,
      fetch: async (input, init = {}) => {
        seen.push({ path: new URL(String(input)).pathname.replace(/^.*\//, ''), init, headers: init.headers as Record<string, string> });
        return fetch(input, init);
      },
    });
    server.snapshots.set('s', () => 1);
    watch(client, 't');
    client.topic('s').subscribe(() => undefined, { snapshot: () => undefined });
    client.unread.watch(['t'], () => undefined);
    await live(client);
    const topic = client.topic('t');
    await Promise.all([topic.history(), topic.presence(), topic.publish(1), client.unread.markRead('t')]);
    await until(() => new Set(seen.map(({ path }) => path)).size === 8);
    return seen;
  }

  it('has cookies and the headers of CONNECT, and says that it wants no page', async () => {
    for (const { path, init, headers } of await requests()) {
      expect(init).toMatchObject({ credentials: 'include', cache: 'no-store' });
      expect(headers).toMatchObject({ 'X-CSRF-TOKEN': 'abc', 'X-Requested-With': 'XMLHttpRequest' });
      expect(headers).not.toHaveProperty('realtime');
      expect(headers['Accept']).toBe(path === 'sse' ? 'text/event-stream' : 'application/json, application/problem+json');
    }
  });

  it('has no header more than before where another origin would have to allow it', async () => {
    vi.stubGlobal('location', { protocol: 'https:', host: 'page.example', origin: 'https://page.example', href: 'https://page.example/a' });
    for (const { headers } of await requests()) expect(headers).not.toHaveProperty('X-Requested-With');
  });
});

describe('what the service itself refuses', () => {
  useServer();

  it('is final', async () => {
    server.answers = [(response) => json(response, 403, {})];
    const client = open();
    const errors: unknown[] = [];
    client.topic('t').subscribe(() => undefined, { snapshot: () => undefined, onError: (error) => errors.push(error) });
    await live(client);
    expect(errors).toMatchObject([{ status: 403, verdict: 'final' }]);
    expect(server.requests).toHaveLength(1);
  });
});
