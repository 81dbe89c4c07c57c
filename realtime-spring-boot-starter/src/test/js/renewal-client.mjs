// The JavaScript client whose first token ends soon, against a real server: says as one JSON document how it went on.
// Usage: node renewal-client.mjs ws://localhost:8080/realtime topic end-of-the-first-token-in-ms first-token second-token
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { connect } = require('./dist/cjs/index.js');
const { WebSocket } = require('ws');

const [, , url, name, end, ...tokens] = process.argv;
let asked = 0;
const client = connect({ url, WebSocket, transports: ['websocket'], token: async () => tokens[Math.min(asked++, tokens.length - 1)] });
await new Promise((resolve) => client.onState((state) => state === 'live' && resolve()));
const changes = [];
client.onState((state, detail) => changes.push([state, detail?.reason]));
const topic = client.topic(name);
const received = new Set();
await new Promise((resolve, reject) => topic.subscribe(({ payload }) => received.add(payload), { onRecovered: resolve, onError: reject, rewind: 1 }));
// The server looks once a second whether credentials have ended.
for (let n = 0; Date.now() < Number(end) + 2_000; n++) {
  await topic.publish(n);
  if (!received.has(n)) throw new Error(`${n} did not come before its receipt`);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await client.close();
console.log(JSON.stringify({ asked, reasons: changes.filter(([state]) => state !== 'closed' && state !== 'live').map(([, reason]) => reason ?? null) }));
