// The JavaScript client with tickets against a real server: says whom the server took it for, over each transport, as one JSON document.
// Usage: node tickets-client.mjs ws://localhost:8081/realtime http://localhost:8080/realtime websocket,sse,poll
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { connect } = require('./dist/cjs/index.js');
const { WebSocket } = require('ws');

const [, , url, httpBase, transports] = process.argv;
const senders = {};
for (const transport of transports.split(',')) {
  // The header stands for the cookie of a login.
  const client = connect({ url, httpBase, WebSocket, auth: 'ticket', transports: [transport], connectHeaders: { 'X-User': 'ann' } });
  const topic = client.topic(`room.${transport}`);
  senders[transport] = await new Promise((resolve, reject) => {
    // What is sent over HTTP before the stream is live is not for it.
    client.onState((state) => state === 'live' && topic.publish('hello').catch(reject));
    topic.subscribe(({ sender }) => resolve(sender), { onError: reject });
  });
  await client.close();
}
console.log(JSON.stringify(senders));
