/*
 * The streams over HTTP of the tiny realtime server, as docs/protocol.md has them. A test can block them as networks do:
 * refuse the connection, say nothing, or hold the answer back.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StompServer, Stored } from './stomp-server.js';

interface Asked {
  readonly topic: string;
  readonly destination: string | undefined;
  position: string;
}

interface Stream {
  readonly asked: Asked[];
  readonly push: (event: string, asked: Asked | undefined, data: object, id: boolean) => void;
  readonly end: () => void;
}

export type Blocked = 'no' | 'cut' | 'silent' | 'held-back';

export class HttpStreams {
  sse: Blocked = 'no';
  poll: Blocked = 'no';
  send: Blocked = 'no';
  /** How many were sent, or undefined when none shall be. */
  heartbeats: number | undefined = 0;
  /** Of a SEND. */
  latencyMs = 0;
  /** How many subscriptions one request may have. */
  limit = Infinity;
  /** How long an address may be for a proxy in between. */
  longest = Infinity;
  /** Topics that make a whole request bad. */
  readonly malformed = new Set<string>();
  /** Answers that a test gives instead, request by request. */
  readonly answers: ((response: ServerResponse, url: URL) => void)[] = [];
  readonly requests: { method: string; url: URL; headers: IncomingMessage['headers']; body: string }[] = [];
  readonly #streams = new Set<Stream>();

  constructor(private readonly server: StompServer) {}

  get open(): number {
    return this.#streams.size;
  }

  received(path: string): { url: URL; body: string }[] {
    return this.requests.filter(({ url }) => url.pathname === path && url.search !== '');
  }

  handles(path: string): boolean {
    return path === '/realtime/sse' || path === '/realtime/poll' || path === '/realtime/send';
  }

  serve(request: IncomingMessage, response: ServerResponse, url: URL): void {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk))).on('end', () => {
      this.requests.push({ method: request.method ?? '', url, headers: request.headers, body });
      const blocked = url.pathname.endsWith('sse') ? this.sse : url.pathname.endsWith('poll') ? this.poll : this.send;
      if (blocked === 'cut') return void response.destroy();
      if (blocked === 'silent') return;
      const answer = url.search === '' ? undefined : this.answers.shift();
      if (answer) return answer(response, url);
      if (url.pathname.endsWith('send')) return void setTimeout(() => this.#send(response, url, body), this.latencyMs);
      const asked = askedBy(url);
      if (asked.length === 0) return problem(response, 400, { detail: 'At least one topic or destination' });
      if (url.href.length > this.longest) return void response.writeHead(414, { 'content-type': 'text/html' }).end('<h1>Request-URI Too Large</h1>');
      if (asked.length > this.limit) return problem(response, 400, { reason: 'bad-request', detail: `At most ${this.limit}` });
      if (asked.some(({ topic }) => this.malformed.has(topic))) return problem(response, 400, { reason: 'bad-request', detail: 'No such topic' });
      if (url.pathname.endsWith('sse')) this.#sse(response, url, asked, blocked === 'held-back');
      else this.#poll(response, url, asked);
    });
  }

  deliver(topic: string, epoch: string, stored: Stored): void {
    for (const stream of [...this.#streams]) {
      for (const asked of stream.asked.filter((one) => one.topic === topic)) {
        asked.position = `${epoch}-${stored.seq}`;
        stream.push('message', asked, messageOf(epoch, stored), true);
      }
    }
  }

  event(event: string, data: object): void {
    for (const stream of [...this.#streams]) stream.push(event, undefined, data, false);
  }

  cut(): void {
    for (const stream of [...this.#streams]) stream.end();
  }

  #sse(response: ServerResponse, url: URL, asked: Asked[], heldBack: boolean): void {
    response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8', 'cache-control': 'no-store, no-transform' });
    response.flushHeaders();
    if (heldBack) return;
    response.write('retry: 1000\n: hello\n\n');
    const stream: Stream = {
      asked,
      push: (event, one, data, id) => {
        const name = event === 'message' ? '' : `event: ${event}\n`;
        const position = id ? `id: ${asked.map((other) => other.position).join(',')}\n` : '';
        response.write(`${name}${position}data: ${JSON.stringify({ ...data, ...nameOf(one) })}\n\n`);
      },
      end: () => response.destroy(),
    };
    this.#streams.add(stream);
    const heartbeatMs = Math.max(Number(url.searchParams.get('heartbeat') ?? 15_000), 1_000);
    const heartbeat = setInterval(() => {
      if (this.heartbeats === undefined) return;
      this.heartbeats++;
      response.write(':\n\n');
    }, heartbeatMs);
    response.on('close', () => {
      clearInterval(heartbeat);
      this.#streams.delete(stream);
    });
    this.#subscribe(stream, url);
  }

  #poll(response: ServerResponse, url: URL, asked: Asked[]): void {
    const events: object[] = [];
    let replayed = false;
    const compact = (): string => asked.map(({ position }) => position).join(',');
    const answer = (): void => {
      clearTimeout(timer);
      this.#streams.delete(stream);
      if (events.length > 0) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ position: compact(), events }));
      } else {
        response.writeHead(204, { 'realtime-position': compact() }).end();
      }
    };
    const stream: Stream = {
      asked,
      push: (event, one, data) => {
        const { recovered, replayed: count } = data as { recovered?: boolean; replayed?: number };
        // What was missed by nobody is no news.
        if (event === 'subscribed' && ((recovered === true && count === 0) || (one && this.server.unnumbered.has(one.topic)))) return;
        events.push({ event, ...data, ...nameOf(one) });
        // What is published together is one answer.
        if (replayed && events.length === 1) setImmediate(answer);
      },
      end: () => response.destroy(),
    };
    const timer = setTimeout(answer, Math.min(25_000, Number(url.searchParams.get('timeout') ?? 25_000)));
    this.#streams.add(stream);
    response.on('close', () => {
      clearTimeout(timer);
      this.#streams.delete(stream);
    });
    this.#subscribe(stream, url);
    replayed = true;
    if (events.length > 0) answer();
  }

  #subscribe(stream: Stream, url: URL): void {
    for (const asked of stream.asked) {
      if (this.server.denied.has(asked.topic)) {
        stream.push('denied', asked, { reason: 'no-access', message: `You may not read ${asked.topic}` }, false);
        continue;
      }
      if (this.server.unnumbered.has(asked.topic)) {
        stream.push('subscribed', asked, { replayed: 0 }, false);
        continue;
      }
      const log = this.server.log(asked.topic);
      const [epoch, seq] = asked.position.split('-');
      const known = asked.position !== '' && epoch === log.epoch && Number(seq) <= log.latest;
      const rewind = Number(url.searchParams.get('rewind') ?? 0);
      const replay = known ? log.after(Number(seq)) : !asked.position && rewind ? [...log.messages.values()].slice(-rewind) : [];
      const recovery = asked.position === '' ? {} : known ? { recovered: true } : { recovered: false, reason: 'epoch-changed' };
      // Until the replay has gone out the position is what it was.
      const first = replay[0];
      asked.position = first ? `${log.epoch}-${first.seq - 1}` : `${log.epoch}-${log.latest}`;
      stream.push('subscribed', asked, { epoch: log.epoch, seq: log.latest, replayed: replay.length, ...recovery }, true);
      for (const stored of replay) {
        asked.position = `${log.epoch}-${stored.seq}`;
        stream.push('message', asked, messageOf(log.epoch, stored), true);
      }
    }
  }

  #send(response: ServerResponse, url: URL, body: string): void {
    const { destination = '', ...headers } = Object.fromEntries(url.searchParams) as Record<string, string>;
    if (destination === '/realtime/typing') return void response.writeHead(204).end();
    if (destination.startsWith('/app/')) {
      this.server.application({ command: 'SEND', headers: { destination, ...headers }, body });
      return void response.writeHead(204).end();
    }
    const topic = destination.replace('/topic/', '');
    if (this.server.denied.has(topic)) return problem(response, 403, { reason: 'client-publish', detail: 'Clients may not SEND here' });
    const position = this.server.publishOnce(topic, JSON.parse(body), headers['id']);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ topic, ...position }));
  }
}

function askedBy(url: URL): Asked[] {
  const topics = url.searchParams.getAll('topic').map((topic) => ({ topic, destination: undefined }));
  const destinations = url.searchParams.getAll('destination').map((destination) =>
    ({ topic: destination.replace(/^\/(topic|user\/queue)\//, ''), destination }));
  const pieces = (url.searchParams.get('position') ?? '').split(',');
  return [...topics, ...destinations].map((one, i) => ({ ...one, position: pieces[i] ?? '' }));
}

function nameOf(asked: Asked | undefined): object {
  return asked ? { topic: asked.topic, ...(asked.destination !== undefined && { destination: asked.destination }) } : {};
}

function messageOf(epoch: string, { seq, body, contentType, headers: { id, ...headers } }: Stored): object {
  return { epoch, seq, ...(id !== undefined && { id }), timestamp: 1_700_000_000_000 + seq, headers, contentType, payload: JSON.parse(body) as unknown };
}

function problem(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ status, ...document }));
}
