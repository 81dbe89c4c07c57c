// Drives the JavaScript client of this repository: node driver.mjs
// It needs realtime-client-js to be built (mvn -pl realtime-client-js verify), and the package `ws` that this installs.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const home = process.env.REALTIME_CLIENT_JS ?? fileURLToPath(new URL('../../../realtime-client-js/', import.meta.url));
const { connect } = await import(pathToFileURL(join(home, 'dist', 'index.js')));
const { followText } = await import(pathToFileURL(join(home, 'dist', 'stream.js')));
const WebSocket = createRequire(pathToFileURL(join(home, 'package.json')))('ws');

let client;
let headers = {};
let connected = false;
let ended = false;
const subscriptions = new Map();

function report(event, members = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...members })}\n`);
}

/** The client reads a token before each CONNECT; the other headers stay as they were at first. */
function tokenOf(named) {
  return Object.entries(named).find(([name]) => name.toLowerCase() === 'authorization')?.[1].replace(/^Bearer /, '');
}

function states(state, detail) {
  if (state === 'recovering' || state === 'live') {
    if (!connected) report('connected');
    connected = true;
  } else if (state === 'offline' || state === 'closed') {
    connected = false;
    if (!ended) report('disconnected', { code: detail?.code, reason: detail?.reason, final: state === 'closed' });
  }
}

function nameOf(destination) {
  return destination.replace(/^\/topic\//, '');
}

function contentOf(payload) {
  return typeof payload === 'string' ? { text: payload } : { text: JSON.stringify(payload) };
}

function subscriptionOf({ id, position, rewind }) {
  const handler = ({ topic, position: at, id: messageId, type, headers: own, payload }) =>
    report('message', { id, topic, ...at, messageId, type, headers: own, ...contentOf(payload) });
  return [handler, {
    ...(position && { position }),
    ...(rewind !== undefined && { rewind }),
    onRecovered: ({ recovered, reason, replayed, position: at }) => report('recovered', { id, recovered, reason, replayed, ...at }),
    onGap: (gap) => report('gap', { id, ...gap }),
    onSignal: ({ topic, type, user, payload }) => report('signal', { id, topic, type, user, payload }),
    onError: (error) => (error.kind === 'denied'
      ? report('denied', { id, reason: error.reason, message: error.message, retryAfterMs: error.retryAfterMs })
      : report('error', { id, message: String(error) })),
  }];
}

const commands = {
  connect({ url, headers: given, heartbeatMs, transport = 'websocket' }) {
    headers = given;
    const { Authorization: _, ...others } = given;
    client = connect({
      url,
      WebSocket,
      transports: [transport],
      connectHeaders: others,
      ...(tokenOf(given) && { token: async () => tokenOf(headers) }),
      ...(heartbeatMs && { heartbeatMs }),
    });
    client.onState(states);
  },

  credentials({ headers: given }) {
    headers = given;
  },

  subscribe(command) {
    const { id, destination } = command;
    const [handler, options] = subscriptionOf(command);
    const name = nameOf(destination);
    const subscription = !destination.startsWith('/topic/') ? client.onUser(destination, handler, options)
      : name.includes('*') ? client.topics(name).subscribe(handler, options)
        : client.topic(name).subscribe(handler, options);
    subscriptions.set(id, subscription);
  },

  unsubscribe({ id }) {
    subscriptions.get(id)?.unsubscribe();
  },

  publish({ ref, destination, text, id, type, headers: own }) {
    client.topic(nameOf(destination)).publish(text, { destination, id, type, headers: own }).then(
      (position) => report('published', { ref, ...position }),
      (error) => report('failed', { ref, reason: error.reason ?? error.kind, message: error.message }),
    );
  },

  typing({ destination, typing }) {
    const { typing: own } = client.topic(nameOf(destination));
    if (typing) own.start();
    else own.stop();
  },

  watchTyping({ id, destination }) {
    client.topic(nameOf(destination)).typing.onChange((users) => report('typing', { id, users }));
  },

  watchUnread({ id, topics }) {
    const onError = (error) => report(error.kind === 'denied' ? 'denied' : 'error', { id, reason: error.reason, message: String(error) });
    client.unread.watch(topics, (topic, unread, state) => report('unread', { ...state, id, topic, unread }), { onError });
  },

  markRead({ topic, position }) {
    client.unread.markRead(topic, position).catch((error) => report('error', { message: String(error) }));
  },

  followText({ id, destination }) {
    followText(client, nameOf(destination), {
      onText: (text, stream) => report('text', { id, stream, text }),
      onEnd: (outcome, { id: stream, text, complete }) => report('textEnd', { id, stream, outcome, text, complete }),
      onError: (error) => report('error', { message: String(error) }),
    });
  },

  async disconnect() {
    ended = true;
    await client.close();
    report('disconnected', { final: true });
  },
};

report('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    if (commands[command.command]) void commands[command.command](command);
    else report('unsupported', { command: command.command });
  } catch (error) {
    report('error', { message: String(error) });
  }
}
process.exit(0);
