// The JavaScript client over a WebSocket that cuts texts at NUL, as that of React Native does: says what it saw, as one JSON document.
// Usage: node react-native-client.mjs ws://localhost:8081/realtime http://localhost:8080/realtime
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../realtime-client-js/package.json', import.meta.url));
const { connect } = require('./dist/cjs/index.js');
const { WebSocket } = require('ws');

const [, , url, httpBase] = process.argv;
const cut = (text) => text.split('\0', 1)[0];

class CuttingWebSocket extends WebSocket {
  send(data) {
    seen.binary &&= typeof data !== 'string' || data === '\n';
    super.send(typeof data === 'string' ? cut(data) : data);
  }

  emit(event, data, binary) {
    return event === 'message' && !binary ? super.emit(event, Buffer.from(cut(String(data))), binary) : super.emit(event, data, binary);
  }
}

const seen = { burst: [], echo: [], problems: [], binary: true };
const problem = (what) => seen.problems.push(String(what?.message ?? what));
const client = connect({ url, httpBase, WebSocket: CuttingWebSocket, reactNative: true });
client.onState((state, detail) => state === 'offline' && problem(detail?.reason));

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

for (const topic of ['burst', 'echo']) {
  client.topic(topic).subscribe(({ payload }) => seen[topic].push(payload), { onGap: (gap) => problem(gap.reason), onError: problem });
}
try {
  await until('live connection', () => client.state === 'live');
  await client.topic('burst').publish('100', { destination: '/app/burst' });
  for (const text of ['grüß dich ✓', 'before\0after', 'last\0']) await client.topic('echo').publish(text, { destination: '/app/echo' });
  await until('100 messages and three echoes', () => seen.burst.length >= 100 && seen.echo.length >= 3);
  await client.close();
  console.log(JSON.stringify(seen));
} catch (error) {
  console.error(error);
  process.exit(1);
}
