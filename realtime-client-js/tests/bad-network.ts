/*
 * A network between client and server that does what networks do: delays, cuts, goes silent. What the server sends on a
 * subscription it also reorders, doubles and drops, as a server that repairs late would. Everything by one seed.
 */
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

export interface Weather {
  /** How long a connection lives, on average, milliseconds. */
  readonly lifeMs: number;
  /** Longest delay of one message, milliseconds. */
  readonly delayMs: number;
  /** Of a subscription's messages, between 0 and 1. */
  readonly drop: number;
  readonly double: number;
  /** Of connections that end, those that go silent instead of being cut. */
  readonly silent: number;
}

export const CALM: Weather = { lifeMs: Infinity, delayMs: 0, drop: 0, double: 0, silent: 0 };

export class BadNetwork {
  weather: Weather = CALM;
  readonly counts = { connections: 0, requests: 0, cuts: 0, silences: 0, dropped: 0, doubled: 0, overtaken: 0 };
  readonly #http: Server;
  readonly #ws = new WebSocketServer({ noServer: true });
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  private constructor(private readonly target: URL, private readonly random: () => number) {
    this.#http = createServer((request, response) => this.#forward(request, response));
    this.#http.on('upgrade', (request, socket, head) => this.#ws.handleUpgrade(request, socket, head, (client) => this.#join(client)));
  }

  static async start(serverUrl: string, random: () => number): Promise<BadNetwork> {
    const network = new BadNetwork(new URL(serverUrl), random);
    await new Promise<void>((resolve) => network.#http.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/realtime`;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const client of this.#ws.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #join(client: WebSocket): void {
    this.counts.connections++;
    const server = new WebSocket(this.target, 'v12.stomp');
    let silent = false;
    const end = (): void => {
      client.terminate();
      server.terminate();
    };
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
    this.#live(() => {
      if (this.random() < this.weather.silent) {
        this.counts.silences++;
        silent = true;
      } else {
        this.counts.cuts++;
        end();
      }
    }, client);
    // In order, as TCP is; what waits is lost with the connection.
    const inOrder = (to: WebSocket) => {
      const waiting: { readonly at: number; readonly data: string }[] = [];
      const next = (): void => {
        // One timer for all: two of the same millisecond come in any order.
        for (let first = waiting[0]; first; first = waiting[0]) {
          if (first.at > Date.now()) return void this.#later(first.at - Date.now(), next);
          waiting.shift();
          if (!silent && to.readyState === WebSocket.OPEN) to.send(first.data);
        }
      };
      return (data: string): void => {
        if (waiting.push({ at: Date.now() + this.random() * this.weather.delayMs, data }) === 1) next();
      };
    };
    const [up, down] = [inOrder(server), inOrder(client)];
    const opened = new Promise<void>((resolve) => server.on('open', () => resolve()));
    client.on('message', (data) => void opened.then(() => up(String(data))));
    server.on('message', (data) => this.#down(String(data), down, (text) => {
      if (!silent && client.readyState === WebSocket.OPEN) client.send(text);
    }));
  }

  #down(text: string, inOrder: (text: string) => void, now: (text: string) => void): void {
    const one = text.startsWith('MESSAGE') && !text.includes('subscription:realtime') && text.indexOf('\0') === text.length - 1;
    if (!one) return inOrder(text);
    if (this.random() < this.weather.drop) return void this.counts.dropped++;
    if (this.random() < this.weather.double) {
      this.counts.doubled++;
      this.#later(this.random() * this.weather.delayMs, () => now(text));
    }
    if (this.weather.delayMs > 0) this.counts.overtaken++;
    this.#later(this.random() * this.weather.delayMs, () => now(text));
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    this.counts.requests++;
    const { hostname, port } = this.target;
    const { method = 'GET', url = '/', headers } = request;
    this.#later(this.random() * this.weather.delayMs, () => {
      const onward = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    });
    this.#live(() => {
      if (response.writableEnded) return;
      this.counts.cuts++;
      response.destroy();
    }, response);
  }

  #live(die: () => void, connection: { on(event: 'close', call: () => void): unknown }): void {
    const { lifeMs } = this.weather;
    if (lifeMs === Infinity) return;
    const cancel = this.#later(lifeMs * (0.2 + 1.6 * this.random()), die);
    connection.on('close', cancel);
  }

  #later(ms: number, call: () => void): () => void {
    if (ms <= 0) {
      call();
      return () => undefined;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      call();
    }, ms);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }
}
