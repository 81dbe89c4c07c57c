// The JavaScript client with subscription tokens against a real server: over each transport it subscribes with a token that expires soon and
// goes on with another. Says how many tokens each took, and whether every message came once and in order, as one JSON document.
// Usage: node subscription-tokens-client.mjs ws://localhost:8081/realtime http://localhost:8080/realtime websocket,sse,poll soon later
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { connect } = require('./dist/cjs/index.js');
const { WebSocket } = require('ws');

const [, , url, httpBase, transports, soon, later] = process.argv;
const results = await Promise.all(transports.split(',').map(async (transport) => {
  const client = connect({ url, httpBase, WebSocket, transports: [transport], login: 'ann' });
  let tokens = 0;
  let first;
  let next;
  let exact = true;
  await new Promise((resolve, reject) => {
    client.topic('order.js').subscribe(({ position: { seq } }) => {
      first ??= seq;
      exact &&= next === undefined || seq === next;
      next = seq + 1;
      if (tokens === 2 && seq > first + 100) resolve();
    }, { token: () => (tokens++ === 0 ? soon : later), onError: reject });
  });
  await client.close();
  return [transport, { tokens, exact }];
}));
console.log(JSON.stringify(Object.fromEntries(results)));
