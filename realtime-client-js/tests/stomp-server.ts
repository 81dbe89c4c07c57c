/*
 * A tiny realtime server: STOMP 1.2 over WebSocket plus the HTTP backfill, with a log in memory. It behaves, unless a
 * test tells it not to: `store` without `send` is a drop, `send` out of order is a reorder, `connection.cut()` a cut.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Frame {
  readonly command: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Stored {
  readonly seq: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers: Record<string, string>;
}

export class Log {
  epoch = 'e1';
  latest = 0;
  readonly messages = new Map<number, Stored>();
}

type Answer = (response: ServerResponse, url: URL, request: IncomingMessage) => void;

export class ServerConnection {
  readonly frames: Frame[] = [];
  readonly subscriptions = new Map<string, string>();
  closed = false;

  constructor(readonly socket: WebSocket) {
    socket.on('close', () => (this.closed = true));
  }

  received(command: string): Frame[] {
    return this.frames.filter((frame) => frame.command === command);
  }

  write(...frames: { command: string; headers: Record<string, string | number>; body?: string }[]): void {
    this.socket.send(frames.map(encode).join(''));
  }

  event(event: string, headers: Record<string, string | number> = {}): void {
    this.write({ command: 'MESSAGE', headers: { subscription: 'realtime', destination: '/realtime', event, ...headers } });
  }

  cut(): void {
    this.socket.terminate();
  }
}

export class StompServer {
  readonly connections: ServerConnection[] = [];
  readonly requests: { url: URL; headers: IncomingMessage['headers'] }[] = [];
  readonly logs = new Map<string, Log>();
  /** Replaces the backfill's answer, request by request; the last one stays. */
  answers: Answer[] = [];
  /** Frames that a test takes over; true: handled. */
  intercept: (frame: Frame, connection: ServerConnection) => boolean = () => false;
  heartBeat = '0,0';
  readonly #http: Server;
  readonly #ws: WebSocketServer;

  private constructor() {
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#ws = new WebSocketServer({ server: this.#http, path: '/realtime' });
    this.#ws.on('connection', (socket) => {
      const connection = new ServerConnection(socket);
      this.connections.push(connection);
      socket.on('message', (data) => {
        for (const frame of decode(String(data))) {
          connection.frames.push(frame);
          if (!this.intercept(frame, connection)) this.#handle(frame, connection);
        }
      });
    });
  }

  static async start(port = 0): Promise<StompServer> {
    const server = new StompServer();
    await new Promise<void>((resolve) => server.#http.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/realtime`;
  }

  get last(): ServerConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error('nobody connected');
    return last;
  }

  async stop(): Promise<void> {
    for (const socket of this.#ws.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  log(topic: string): Log {
    const log = this.logs.get(topic) ?? new Log();
    this.logs.set(topic, log);
    return log;
  }

  store(topic: string, payload: unknown, headers: Record<string, string> = {}): number {
    const log = this.log(topic);
    const seq = ++log.latest;
    const body = JSON.stringify(payload);
    log.messages.set(seq, { seq, body, contentType: 'application/json', headers });
    return seq;
  }

  /** A number that no message has. */
  void(topic: string): number {
    return ++this.log(topic).latest;
  }

  send(topic: string, ...seqs: number[]): void {
    for (const connection of this.connections) {
      if (connection.closed) continue;
      for (const [id, name] of connection.subscriptions) {
        if (name === topic) connection.write(...seqs.map((seq) => this.#message(topic, seq, id)));
      }
    }
  }

  publish(topic: string, ...payloads: unknown[]): void {
    for (const payload of payloads) this.send(topic, this.store(topic, payload));
  }

  newEpoch(topic: string, epoch: string): void {
    const log = this.log(topic);
    log.epoch = epoch;
    log.latest = 0;
    log.messages.clear();
  }

  #message(topic: string, seq: number, subscription: string) {
    const log = this.log(topic);
    const stored = log.messages.get(seq);
    if (!stored) throw new Error(`no message ${seq}`);
    const headers = {
      subscription,
      destination: `/topic/${topic}`,
      'message-id': `${log.epoch}-${seq}`,
      epoch: log.epoch,
      seq,
      timestamp: 1_700_000_000_000 + seq,
      'content-type': stored.contentType,
      'content-length': Buffer.byteLength(stored.body),
      ...stored.headers,
    };
    return { command: 'MESSAGE', headers, body: stored.body };
  }

  #handle(frame: Frame, connection: ServerConnection): void {
    const { headers } = frame;
    const receipt = { 'receipt-id': headers['receipt'] ?? '' };
    switch (frame.command) {
      case 'CONNECT':
        return connection.write({ command: 'CONNECTED', headers: { version: '1.2', 'heart-beat': this.heartBeat } });
      case 'SUBSCRIBE':
        return this.#subscribe(frame, connection);
      case 'UNSUBSCRIBE':
        return void connection.subscriptions.delete(headers['id'] ?? '');
      case 'SEND': {
        const topic = topicOf(headers['destination'] ?? '');
        if (headers['destination']?.startsWith('/app/')) return connection.write({ command: 'RECEIPT', headers: receipt });
        const seq = this.store(topic, JSON.parse(frame.body));
        this.send(topic, seq);
        return connection.write({ command: 'RECEIPT', headers: { ...receipt, epoch: this.log(topic).epoch, seq } });
      }
      case 'DISCONNECT':
        return connection.write({ command: 'RECEIPT', headers: receipt });
    }
  }

  /** RECEIPT and replay in one WebSocket message, as a coalescing server sends them. */
  #subscribe({ headers }: Frame, connection: ServerConnection): void {
    const id = headers['id'] ?? '';
    const topic = topicOf(headers['destination'] ?? '');
    const log = this.log(topic);
    connection.subscriptions.set(id, topic);
    const lastSeq = headers['last-seq'] === undefined ? undefined : Number(headers['last-seq']);
    const seqs = [...log.messages.keys()];
    const known = headers['epoch'] === log.epoch && lastSeq !== undefined && lastSeq <= log.latest;
    const replay = known
      ? seqs.filter((seq) => seq > lastSeq)
      : headers['rewind'] ? seqs.slice(-Number(headers['rewind'])) : [];
    const answer = {
      'receipt-id': headers['receipt'] ?? '',
      topic,
      epoch: log.epoch,
      seq: log.latest,
      replayed: replay.length,
      ...(lastSeq !== undefined && { recovered: String(known), ...(!known && { reason: 'epoch-changed' }) }),
    };
    const receipt = { command: 'RECEIPT', headers: answer };
    connection.write(receipt, ...replay.map((seq) => this.#message(topic, seq, id)));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    this.requests.push({ url, headers: request.headers });
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    (answer ?? this.backfill)(response, url, request);
  }

  readonly backfill: Answer = (response, url) => {
    const [, , , topic = '', what] = url.pathname.split('/').map(decodeURIComponent);
    if (what === 'presence') return json(response, 200, { topic, count: 1, members: [{ user: 'ada', connections: 2 }] });
    const log = this.log(topic);
    const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
    const [after, before, limit] = [number('after', 0), number('before', Infinity), number('limit', 100)];
    const all = [...log.messages.values()].filter(({ seq }) => seq > after && seq < before);
    const messages = all.slice(0, limit);
    const hasMore = all.length > limit;
    json(response, 200, {
      topic,
      epoch: log.epoch,
      messages: messages.map(({ seq, body, contentType, headers }) => ({
        seq, timestamp: 1_700_000_000_000 + seq, headers, contentType,
        payload: contentType.includes('json') ? (JSON.parse(body) as unknown) : body,
      })),
      through: hasMore ? messages.at(-1)?.seq : log.latest,
      latest: log.latest,
      hasMore,
    });
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

function topicOf(destination: string): string {
  return destination.replace(/^\/(topic|user\/queue)\//, '');
}

function encode({ command, headers, body = '' }: { command: string; headers: object; body?: string }): string {
  const escape = (value: unknown) =>
    command === 'CONNECTED' ? String(value) : String(value).replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/:/g, '\\c');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${escape(value)}\n`);
  return `${command}\n${lines.join('')}\n${body}\0`;
}

function decode(text: string): Frame[] {
  return text.split('\0').map((raw) => raw.replace(/^\n+/, '')).filter(Boolean).map((raw) => {
    const end = raw.indexOf('\n\n');
    const [command = '', ...lines] = raw.slice(0, end).split('\n');
    const unescape = (value: string) => (command === 'CONNECT' ? value : value.replace(/\\c/g, ':'));
    const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), unescape(line.slice(line.indexOf(':') + 1))]);
    return { command, headers: Object.fromEntries(headers) as Record<string, string>, body: raw.slice(end + 2) };
  });
}
