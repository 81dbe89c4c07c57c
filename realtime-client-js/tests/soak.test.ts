/*
 * A publisher and readers over every transport, through a network that cuts, delays, reorders, doubles and drops: what each
 * reader saw is exactly what was sent. By environment: SOAK_SECONDS, SOAK_MESSAGES, SOAK_SEED, and SOAK_URL for a running
 * service whose topics `soak.**` take `client-publish`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, type RealtimeClient, type TransportName } from '../src/index.js';
import { BadNetwork, CALM } from './bad-network.js';
import { StompServer } from './stomp-server.js';

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 12);
const MESSAGES = Number(process.env['SOAK_MESSAGES'] ?? 4_000);
const SEED = Number(process.env['SOAK_SEED'] ?? 20_251_125);
const URL_OF_SERVICE = process.env['SOAK_URL'];
const PREFIX = URL_OF_SERVICE ? `soak.${Date.now()}.` : '';
const TOPICS = ['a', 'b', 'c', 'd'].map((name) => PREFIX + name);
const [A = '', B = '', C = '', D = ''] = TOPICS;

interface Reader {
  readonly name: string;
  readonly client: RealtimeClient;
  readonly numbers: Map<string, number[]>;
  readonly seqs: Map<string, number[]>;
  readonly trouble: unknown[];
}

it(`is exact: ${MESSAGES} messages in ${SECONDS} s of bad weather`, { timeout: (SECONDS + 120) * 1_000 }, async () => {
  let state = SEED;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const server = URL_OF_SERVICE ? undefined : await StompServer.start();
  const [network, upstream] = await Promise.all([1, 2].map(() => BadNetwork.start(server?.url ?? URL_OF_SERVICE ?? '', random))) as [BadNetwork, BadNetwork];
  const options = {
    url: network.url, WebSocket, heartbeatMs: 1_000, timeoutMs: 4_000, openMs: 1_000, maxPending: 500,
    reconnect: { baseMs: 50, capMs: 500, random },
  };
  const reader = (name: string, transports: TransportName[], topics = TOPICS): Reader => {
    const client = connect({ ...options, transports });
    const [numbers, seqs, trouble] = [new Map<string, number[]>(), new Map<string, number[]>(), [] as unknown[]];
    for (const topic of topics) {
      const [mine, order]: [number[], number[]] = [[], []];
      numbers.set(topic, mine);
      seqs.set(topic, order);
      client.topic(topic).subscribe<number>(({ payload, position }) => {
        mine.push(payload);
        order.push(position.seq);
      }, {
        ...(server && { position: { epoch: 'e1', seq: 0 } }),
        onGap: (gap) => trouble.push(gap),
        onRecovered: (recovery) => recovery.recovered || trouble.push(recovery),
        onError: () => undefined, // A backfill that has to be repeated.
      });
    }
    return { name, client, numbers, seqs, trouble };
  };

  const readers = [
    reader('websocket', ['websocket']), reader('websocket 2', ['websocket'], [A, B]),
    reader('sse', ['sse']), reader('poll', ['poll'], [A, C]),
  ];
  // A counter that is loaded and then counted on: its sum is exact or it is not.
  server?.snapshots.set(A, () => server.log(A).latest);
  let sum = 0;
  const counter = connect({ ...options, transports: ['websocket'] });
  if (server) counter.topic(A).subscribe<number, number>(() => void sum++, { snapshot: (total) => void (sum = total), onError: () => undefined });

  // Exact for each topic from its first message on, since all positions fit into a SUBSCRIBE.
  const board = connect({ ...options, transports: ['websocket'] });
  const [boardSeqs, boardTrouble] = [new Map<string, number[]>(), [] as unknown[]];
  board.topics(`${PREFIX}*`).subscribe(({ topic, position }) => void boardSeqs.set(topic, [...(boardSeqs.get(topic) ?? []), position.seq]), {
    onGap: (gap) => boardTrouble.push(gap),
    onRecovered: ({ resumed }) => resumed.length === boardSeqs.size || boardTrouble.push(resumed),
    onError: () => undefined,
  });

  const publishers = (['websocket', 'poll'] as const).map((transport) => connect({ ...options, url: upstream.url, transports: [transport] }));
  // On `c` an application publishes: that a message arrived only its echo tells.
  if (server) server.application = ({ headers, body }) => void server.publishOnce(C, JSON.parse(body), headers['id']);
  publishers[0]?.topic(C).subscribe(() => undefined, { onError: () => undefined });
  const sent = new Map(TOPICS.map((topic) => [topic, 0]));
  const failed: unknown[] = [];
  let pending = 0;
  const began = Date.now();
  network.weather = { lifeMs: 2_500, delayMs: 40, drop: 0.01, double: 0.02, silent: 0.1 };
  // A dropped echo only a later message would show, and the last one has none.
  upstream.weather = { ...network.weather, drop: 0 };
  try {
    for (const { client } of readers) while (client.state !== 'live') await sleep(5);
    for (let i = 0; i < MESSAGES; i++) {
      // One publisher a topic, so that there is one order; `d` by POSTs, of which one is under way at a time.
      const topic = (i % 32 === 3 ? D : TOPICS[i % 3]) ?? A;
      const publisher = topic === D ? publishers[1] : publishers[0];
      const n = sent.get(topic) ?? 0;
      sent.set(topic, n + 1);
      pending++;
      void publisher?.topic(topic).send(n, server && topic === C ? { destination: '/app/say' } : {}).sent.then(() => pending--, (error: { kind: string; reason?: string }) => failed.push(`${topic} ${n} ${error.reason ?? error.kind} after ${Date.now() - began} ms`));
      const ahead = (i / MESSAGES) * SECONDS * 1_000 - (Date.now() - began);
      if (ahead > 5) await sleep(ahead);
      if (failed.length > 0) break;
      while (pending >= 400 && failed.length === 0) await sleep(5);
    }
    network.weather = upstream.weather = { ...CALM, delayMs: 10 };
    for (let waited = 0; pending > 0 && failed.length === 0 && waited < 60_000; waited += 10) await sleep(10);
    expect(failed).toEqual([]);
    expect(pending).toBe(0);
    // What was dropped last only a later message shows.
    for (const topic of TOPICS) {
      await publishers[0]?.topic(topic).send(sent.get(topic)).sent;
      sent.set(topic, (sent.get(topic) ?? 0) + 1);
    }
    const complete = () => (!server || sum >= (sent.get(A) ?? 0)) && TOPICS.every((topic) => boardSeqs.get(topic)?.at(-1) === sent.get(topic)) && readers.every(({ numbers }) => [...numbers].every(([topic, mine]) => mine.length >= (sent.get(topic) ?? 0)));
    for (let waited = 0; !complete() && waited < 60_000; waited += 10) await sleep(10);
    await sleep(100); // A double would come late.

    const exact = (count = 0) => Array.from({ length: count }, (_, n) => n);
    for (const topic of server ? TOPICS : []) {
      expect([...(server as StompServer).log(topic).messages.values()].map(({ body }) => Number(body)), `published on ${topic}`).toEqual(exact(sent.get(topic)));
    }
    for (const { name, numbers, seqs, trouble } of readers) {
      for (const [topic, mine] of numbers) {
        expect(mine, `${name} read ${topic}`).toEqual(exact(sent.get(topic)));
        expect(seqs.get(topic), `${name} in order on ${topic}`).toEqual(exact(sent.get(topic)).map((n) => n + 1));
      }
      expect(trouble, name).toEqual([]);
    }
    for (const topic of TOPICS) {
      const seqs = boardSeqs.get(topic) ?? [];
      expect(seqs, `the board on ${topic}`).toEqual(exact(seqs.length).map((n) => n + 1 + (sent.get(topic) ?? 0) - seqs.length));
    }
    expect(boardTrouble, 'the board').toEqual([]);
    if (server) expect(sum, 'the counter').toBe(sent.get(A));
    const deliveries = readers.reduce((total, { numbers }) => total + [...numbers.values()].reduce((count, mine) => count + mine.length, 0), 0);
    console.log(`soak: ${[...sent.values()].reduce((a, b) => a + b)} sent, ${deliveries} delivered exactly, in ${Math.round((Date.now() - began) / 1_000)} s;`
      + ` seed ${SEED}; readers`, network.counts, 'publishers', upstream.counts);
  } finally {
    await Promise.all([...readers.map(({ client }) => client), counter, board, ...publishers].map((client) => client.close()));
    await Promise.all([network.stop(), upstream.stop()]);
    await server?.stop();
  }
});
