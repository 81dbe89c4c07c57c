/*
 * A tiny realtime server: STOMP 1.2 over WebSocket plus the HTTP backfill, with a log in memory. It behaves, unless a
 * test tells it not to: `store` without `send` is a drop, `send` out of order is a reorder, `connection.cut()` a cut.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { HttpDocuments, type Answer } from './http-documents.js';
import { HttpStreams } from './http-streams.js';
import { StompPatterns } from './stomp-patterns.js';
import { decode, encode, type Frame } from './stomp-text.js';

export { json } from './http-documents.js';
export type { Frame } from './stomp-text.js';

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
  readonly seqById = new Map<string, number>();

  after(seq: number): Stored[] {
    const found: Stored[] = [];
    for (let next = seq + 1; next <= this.latest; next++) {
      const stored = this.messages.get(next);
      if (stored) found.push(stored);
    }
    return found;
  }
}

export class ServerConnection {
  readonly frames: Frame[] = [];
  readonly subscriptions = new Map<string, string>();
  /** Wildcard subscriptions. */
  readonly patterns = new Map<string, RegExp>();
  readonly unread = new Map<string, string[]>();
  closed = false;
  /** Each frame is a message of its own, as the client asked. */
  singleFrames = false;

  constructor(readonly socket: WebSocket) {
    socket.on('close', () => (this.closed = true));
  }

  received(command: string): Frame[] {
    return this.frames.filter((frame) => frame.command === command);
  }

  write(...frames: { command: string; headers: Record<string, string | number>; body?: string }[]): void {
    const texts = frames.map(encode);
    for (const text of this.singleFrames ? texts : [texts.join('')]) this.socket.send(text);
  }

  event(event: string, headers: Record<string, string | number> = {}, body = ''): void {
    this.write({ command: 'MESSAGE', headers: { subscription: 'realtime', destination: '/realtime', event, ...headers }, body });
  }

  cut(): void {
    this.closed = true;
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
  /** Why new credentials are refused on an open connection; `undefined`: they are accepted. */
  refusesRenewal: string | undefined;
  /** No WebSocket is let in. */
  refuse: boolean | 'silent' = false;
  /** Topics that nobody may read or write. */
  readonly denied = new Set<string>();
  /** Destinations without positions. */
  readonly unnumbered = new Set<string>();
  readonly streams = new HttpStreams(this);
  readonly patterns = new StompPatterns(this);
  readonly documents = new HttpDocuments(this);
  /** What application code does with a SEND to `/app/…`; its RECEIPT says only that it was called. */
  application: (frame: Frame) => void = () => undefined;
  /** What the service's SnapshotProvider tells, by topic; the position is taken before it is asked. */
  readonly snapshots = new Map<string, () => unknown>();
  readonly members = new Map<string, Set<string>>();
  readonly unreadStates = new Map<string, { topic: string; epoch: string; unread: number; latest: number; read: number }>();
  readonly #http: Server;
  readonly #ws: WebSocketServer;
  readonly #silent: Duplex[] = [];

  private constructor() {
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#ws = new WebSocketServer({ noServer: true });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.refuse === 'silent') return void this.#silent.push(socket);
      if (this.refuse) return void socket.destroy();
      this.#ws.handleUpgrade(request, socket, head, (client) => this.#ws.emit('connection', client, request));
    });
    this.#ws.on('connection', (socket) => {
      const connection = new ServerConnection(socket);
      this.connections.push(connection);
      socket.on('message', (data) => {
        for (const frame of decode(String(data))) {
          if (connection.closed) return;
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
    for (const socket of this.#silent) socket.destroy();
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
    for (const seq of seqs) {
      const stored = this.log(topic).messages.get(seq);
      if (stored) this.streams.deliver(topic, this.log(topic).epoch, stored);
    }
    for (const connection of this.connections) {
      if (connection.closed) continue;
      for (const [id, name] of connection.subscriptions) {
        if (name === topic) connection.write(...seqs.map((seq) => this.message(topic, seq, id)));
      }
      for (const id of this.patterns.matching(connection, topic)) connection.write(...seqs.map((seq) => this.message(topic, seq, id)));
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
    log.seqById.clear();
  }

  message(topic: string, seq: number, subscription: string) {
    const log = this.log(topic);
    const stored = log.messages.get(seq);
    if (!stored) throw new Error(`no message ${seq}`);
    const { id, ...own } = stored.headers;
    const headers = {
      subscription,
      destination: `/topic/${topic}`,
      'message-id': `${log.epoch}-${seq}`,
      epoch: log.epoch,
      seq,
      timestamp: 1_700_000_000_000 + seq,
      'content-type': stored.contentType,
      'content-length': Buffer.byteLength(stored.body),
      ...(id !== undefined && { id }),
      ...own,
    };
    return { command: 'MESSAGE', headers, body: stored.body };
  }

  #handle(frame: Frame, connection: ServerConnection): void {
    const { headers } = frame;
    const receipt = { 'receipt-id': headers['receipt'] ?? '' };
    switch (frame.command) {
      case 'CONNECT':
        connection.singleFrames = headers['single-frames'] === '1';
        return connection.write({ command: 'CONNECTED', headers: { version: '1.2', 'heart-beat': this.heartBeat } });
      case 'SUBSCRIBE':
        return this.#subscribe(frame, connection);
      case 'UNSUBSCRIBE':
        connection.subscriptions.delete(headers['id'] ?? '');
        connection.unread.delete(headers['id'] ?? '');
        connection.patterns.delete(headers['id'] ?? '');
        return headers['receipt'] === undefined ? undefined : connection.write({ command: 'RECEIPT', headers: receipt });
      case 'SEND': {
        const topic = topicOf(headers['destination'] ?? '');
        if (headers['destination'] === '/realtime/auth') {
          if (this.refusesRenewal) return connection.event('denied', { ...receipt, reason: this.refusesRenewal, message: 'No' });
          return connection.write({ command: 'RECEIPT', headers: { ...receipt, 'in-ms': 60_000 } });
        }
        if (headers['destination'] === '/realtime/typing') return this.#typing(frame, connection);
        if (headers['destination']?.startsWith('/app/')) {
          this.application(frame);
          return connection.write({ command: 'RECEIPT', headers: receipt });
        }
        const position = this.publishOnce(topic, headers['content-type']?.includes('json') ? JSON.parse(frame.body) : frame.body, headers['id']);
        return connection.write({ command: 'RECEIPT', headers: { ...receipt, topic, ...position } });
      }
      case 'DISCONNECT':
        return connection.write({ command: 'RECEIPT', headers: receipt });
    }
  }

  /** Numbers an id once. */
  publishOnce(topic: string, payload: unknown, id: string | undefined): Record<string, string | number> {
    const { epoch, seqById } = this.log(topic);
    const before = id === undefined ? undefined : seqById.get(id);
    if (before !== undefined) return { epoch, seq: before, duplicate: 'true' };
    const seq = this.store(topic, payload, id === undefined ? {} : { id });
    if (id !== undefined) seqById.set(id, seq);
    this.send(topic, seq);
    return { epoch, seq };
  }

  join(topic: string, user: string): void {
    this.#presence(topic, 'join', user, (users) => users.add(user));
  }

  leave(topic: string, user: string): void {
    this.#presence(topic, 'leave', user, (users) => users.delete(user));
  }

  #presence(topic: string, event: 'join' | 'leave', user: string, change: (users: Set<string>) => void): void {
    const users = this.members.get(topic) ?? new Set();
    this.members.set(topic, users);
    change(users);
    this.publish(`_presence.${topic}`, { event, user });
  }

  unread(topic: string, unread: number, read = 0): void {
    const state = { topic, epoch: 'e1', unread, latest: read + unread, read };
    this.unreadStates.set(topic, state);
    for (const connection of this.connections) {
      for (const [id, topics] of connection.unread) {
        if (topics.includes(topic) && !connection.closed) connection.write(unreadFrame(id, state));
      }
    }
  }

  #typing({ headers }: Frame, from: ServerConnection): void {
    for (const connection of this.connections) {
      if (connection === from || connection.closed) continue;
      const { topic = '' } = headers;
      const signal = { type: 'typing', user: 'ada', topic, 'content-type': 'application/json' };
      if ([...connection.subscriptions.values()].includes(topic)) {
        connection.event('signal', signal, JSON.stringify({ typing: headers['typing'] === 'true' }));
      }
    }
  }

  /** RECEIPT and replay in one WebSocket message, as a coalescing server sends them. */
  #subscribe({ headers }: Frame, connection: ServerConnection): void {
    const id = headers['id'] ?? '';
    if (headers['destination'] === '/realtime/unread') {
      const topics = (headers['topics'] ?? '').split(',').map(decodeURIComponent);
      connection.unread.set(id, topics);
      const states = topics.flatMap((topic) => this.unreadStates.get(topic) ?? []);
      const receipt = { command: 'RECEIPT', headers: { 'receipt-id': headers['receipt'] ?? '' } };
      return connection.write(receipt, ...states.map((state) => unreadFrame(id, state)));
    }
    if (headers['destination']?.includes('*')) return this.patterns.subscribe({ command: 'SUBSCRIBE', headers, body: '' }, connection);
    const topic = topicOf(headers['destination'] ?? '');
    const log = this.log(topic);
    connection.subscriptions.set(id, topic);
    const lastSeq = headers['last-seq'] === undefined ? undefined : Number(headers['last-seq']);
    const known = headers['epoch'] === log.epoch && lastSeq !== undefined && lastSeq <= log.latest;
    const replay = known
      ? log.after(lastSeq).map(({ seq }) => seq)
      : headers['rewind'] ? [...log.messages.keys()].slice(-Number(headers['rewind'])) : [];
    const answer = {
      'receipt-id': headers['receipt'] ?? '',
      topic,
      epoch: log.epoch,
      seq: log.latest,
      replayed: replay.length,
      ...(lastSeq !== undefined && { recovered: String(known), ...(!known && { reason: 'epoch-changed' }) }),
    };
    const receipt = { command: 'RECEIPT', headers: answer };
    connection.write(receipt, ...replay.map((seq) => this.message(topic, seq, id)));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (this.streams.handles(url.pathname)) return this.streams.serve(request, response, url);
    this.requests.push({ url, headers: request.headers });
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    (answer ?? this.backfill)(response, url, request);
  }

  /** What a test has not replaced. */
  readonly backfill: Answer = (response, url, request) => this.documents.answer(response, url, request);
}

function unreadFrame(subscription: string, state: object) {
  const headers = { subscription, destination: '/realtime/unread', 'content-type': 'application/json' };
  return { command: 'MESSAGE', headers, body: JSON.stringify(state) };
}

function topicOf(destination: string): string {
  return destination.replace(/^\/(topic|user\/queue)\//, '');
}
