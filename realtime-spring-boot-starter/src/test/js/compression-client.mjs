// The JavaScript client on a WebSocket that compresses, as browsers do: says what was agreed on, what came back, and how many bytes
// went over the socket, as one JSON document.
// Usage: node compression-client.mjs ws://localhost:8080/realtime
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { connect } = require('./dist/cjs/index.js');
const { WebSocket } = require('ws');

const MESSAGES = 20;
let socket;

class Watched extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { perMessageDeflate: { threshold: 0 } });
    socket = this;
  }
}

const client = connect({ url: process.argv[2], WebSocket: Watched, transports: ['websocket'] });
const topic = client.topic('talk');
const texts = Array.from({ length: MESSAGES }, (_, i) => `${i}: ${'grüß dich ✓ 😀 '.repeat(100)}`);
const received = [];
await new Promise((resolve, reject) => {
  client.onState((state) => state === 'live' && Promise.all(texts.map((text) => topic.publish(text))).catch(reject));
  topic.subscribe(
    (message) => {
      received.push(message.payload);
      if (received.length === MESSAGES) {
        resolve();
      }
    },
    { onError: reject },
  );
});
const { bytesRead, bytesWritten } = socket._socket;
const seen = { extensions: socket.extensions, equal: JSON.stringify(received) === JSON.stringify(texts), bytesRead, bytesWritten };
await client.close();
console.log(JSON.stringify(seen));
