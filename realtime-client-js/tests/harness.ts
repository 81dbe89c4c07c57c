import { afterEach, beforeEach, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  connect, type ConnectOptions, type Gap, type RealtimeClient, type Recovery, type StateDetail, type SubscribeOptions,
  type Subscription,
} from '../src/index.js';
import { StompServer } from './stomp-server.js';

/** What one subscription told its application, in order. */
export interface Seen {
  readonly sub: Subscription;
  readonly payloads: unknown[];
  readonly seqs: number[];
  readonly gaps: Gap[];
  readonly recoveries: Recovery[];
  readonly errors: unknown[];
}

export let server: StompServer;
const clients: RealtimeClient[] = [];

export function useServer(): void {
  beforeEach(async () => {
    server = await StompServer.start();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.stop();
  });
}

/** Reconnects almost at once, so that no test waits for a backoff. */
export function open(options: ConnectOptions = {}): RealtimeClient {
  const client = connect({ url: server.url, WebSocket, reconnect: { baseMs: 5, capMs: 50 }, ...options });
  clients.push(client);
  return client;
}

export function until(condition: () => boolean, what = String(condition)): Promise<void> {
  return vi.waitFor(() => {
    if (!condition()) throw new Error(`still waiting for ${what}`);
  }, { timeout: 10_000, interval: 2 });
}

export async function live(client: RealtimeClient): Promise<void> {
  await until(() => client.state === 'live', 'live');
}

export function states(client: RealtimeClient): { state: string; detail: StateDetail | undefined }[] {
  const seen: { state: string; detail: StateDetail | undefined }[] = [];
  client.onState((state, detail) => seen.push({ state, detail }));
  return seen;
}

export function watch(client: RealtimeClient, topic: string, options: SubscribeOptions = {}): Seen {
  const seen = { payloads: [], seqs: [], gaps: [], recoveries: [], errors: [] } as Omit<Seen, 'sub'>;
  const sub = client.topic(topic).subscribe((message) => {
    seen.payloads.push(message.payload);
    seen.seqs.push(message.position.seq);
  }, {
    onGap: (gap) => seen.gaps.push(gap),
    onRecovered: (recovery) => seen.recoveries.push(recovery),
    onError: (error) => seen.errors.push(error),
    ...options,
  });
  return { ...seen, sub };
}
