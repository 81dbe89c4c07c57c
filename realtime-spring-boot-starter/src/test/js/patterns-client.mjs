// The JavaScript client's wildcard subscriptions against a real server: says what it saw, as one JSON document. The server follows at
// most four topics for a pattern and lets clients publish to them.
// Usage: node patterns-client.mjs ws://localhost:8081/realtime http://localhost:8080/realtime
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { connect } = require('./dist/cjs/index.js');
const { WebSocket } = require('ws');

const [, , url, httpBase] = process.argv;
const network = { away: false, loses: undefined, lost: 0, sockets: [] };

/** A network that can be away, and that loses a message on demand. */
class FaultyWebSocket extends WebSocket {
  constructor(address, protocols) {
    super(network.away ? 'ws://localhost:1' : address, protocols);
    network.sockets.push(this);
  }

  emit(event, data, ...more) {
    return event === 'message' && network.loses?.test(String(data)) ? ++network.lost > 0 : super.emit(event, data, ...more);
  }
}

const seen = { messages: {}, live: 0, gaps: [], recoveries: [], problems: [], overHttp: [] };
const problem = (what) => seen.problems.push(String(what?.message ?? what));
const options = { url, httpBase, WebSocket: FaultyWebSocket, connectHeaders: { 'single-frames': '1' }, reconnect: { baseMs: 50, capMs: 200 } };
const client = connect(options);
const publisher = connect({ url, httpBase, WebSocket });
const publish = async (topic, ...payloads) => {
  for (const payload of payloads) await publisher.topic(topic).publish(payload);
};
const of = (topic) => seen.messages[topic] ?? [];
const subscribe = (pattern) => client.topics(pattern).subscribe(({ topic, payload }) => (seen.messages[topic] = [...of(topic), payload]), {
  onLive: () => seen.live++,
  onGap: (gap) => seen.gaps.push(gap),
  // Topics come in no particular order.
  onRecovered: (recovery) => seen.recoveries.push({ ...recovery, resumed: [...recovery.resumed].sort() }),
  onError: problem,
});

function until(what, condition) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 20_000;
    const timer = setInterval(() => {
      if (condition()) {
        clearInterval(timer);
        resolve();
      } else if (Date.now() > deadline) {
        clearInterval(timer);
        reject(new Error(`No ${what} within 20 s; seen: ${JSON.stringify(seen)}`));
      }
    }, 10);
  });
}

try {
  try {
    client.topics('price.A*');
  } catch (error) {
    seen.refusal = error.message;
  }
  await publish('price.A', 'too early');
  subscribe('price.*');
  subscribe('_queue.orders.*');
  await until('live subscriptions', () => seen.live === 2);

  // The body: an epoch may contain the same letters.
  network.loses = /\n\n"?A2"?\0/;
  await publish('price.A', 'A1', 'A2', 'A3');
  await publish('price.B', 'B1');
  await publish('_queue.orders.7', 'order');
  await publish('price.A.bid', 'of no pattern');
  await until('message that was lost on its way', () => network.lost === 1 && of('price.A').length === 3 && of('price.B').length === 1 && of('_queue.orders.7').length === 1);

  network.away = true;
  for (const socket of network.sockets) socket.terminate();
  await publish('price.A', 'A4', 'A5');
  await publish('price.C', 'C1');
  network.away = false;
  await until('replay', () => seen.live === 4 && of('price.A').length === 5);
  await publish('price.A', 'A6');
  await publish('price.B', 'B2');
  await publish('price.C', 'C2');
  await until('live messages', () => of('price.A').length === 6 && of('price.B').length === 2 && of('price.C').length === 1);

  await publish('price.D', 'D1');
  await until('fourth topic', () => of('price.D').length === 1);
  await publish('price.E', 'E1');
  await until('gap of the fifth topic', () => seen.gaps.length === 1);

  const http = connect({ ...options, transports: ['sse'] });
  http.topics('price.*').subscribe(() => problem('a message over HTTP'), { onError: ({ kind, reason, message }) => seen.overHttp.push({ kind, reason, message }) });
  await until('connection over HTTP', () => http.state === 'live' && seen.overHttp.length === 1);
  await Promise.all([client, publisher, http].map((each) => each.close()));
  console.log(JSON.stringify(seen));
} catch (error) {
  console.error(error);
  process.exit(1);
}
