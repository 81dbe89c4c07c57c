// @stomp/stompjs with no extras against a node: says what it saw, as one JSON document.
// Usage: node plain-client.mjs ws://localhost:8080/realtime
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { Client } = require('@stomp/stompjs');
const { WebSocket } = require('ws');

const seen = { burst: [], echo: [], problems: [], serverHeartbeats: 0 };

const client = new Client({
  brokerURL: process.argv[2],
  webSocketFactory: () => new WebSocket(process.argv[2], ['v12.stomp']),
  heartbeatIncoming: 1000,
  heartbeatOutgoing: 1000,
  reconnectDelay: 0,
  debug: (line) => {
    if (line === '<<< PONG') {
      seen.serverHeartbeats++;
    }
  },
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

function receipt(id) {
  return new Promise((resolve) => client.watchForReceipt(id, resolve));
}

async function subscribe(topic, into) {
  const receiptId = `subscribed-${topic}`;
  const answered = receipt(receiptId);
  client.subscribe(`/topic/${topic}`, (message) => into.push(message.body), { receipt: receiptId });
  await answered;
}

async function converse() {
  await subscribe('burst', seen.burst);
  await subscribe('echo', seen.echo);
  client.publish({ destination: '/app/burst', body: '100' });
  await until('100 messages', () => seen.burst.length >= 100);
  const answered = receipt('sent-1');
  client.publish({ destination: '/app/echo', body: 'grüß dich ✓', headers: { receipt: 'sent-1' } });
  await answered;
  client.publish({ destination: '/app/echo', body: '{"json":true}' });
  await until('two echoes', () => seen.echo.length >= 2);
  await until('two heartbeats of the server', () => seen.serverHeartbeats >= 2);
  await client.deactivate();
}

client.onConnect = (frame) => {
  seen.heartbeat = frame.headers['heart-beat'];
  seen.version = frame.headers.version;
  converse().catch((error) => {
    console.error(error);
    process.exit(1);
  });
};
client.onStompError = (frame) => seen.problems.push(frame.headers.message);
client.onWebSocketError = (event) => seen.problems.push(String(event.message));
client.onUnhandledMessage = (message) => seen.problems.push(`unhandled message ${message.body}`);
client.onDisconnect = (frame) => {
  seen.disconnectReceipt = frame.headers['receipt-id'];
};
client.onWebSocketClose = (event) => {
  seen.closeCode = event.code;
  console.log(JSON.stringify(seen));
};
client.activate();
