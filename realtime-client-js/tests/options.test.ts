import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { fullJitter } from '../src/backoff.js';
import { connect, type ConnectOptions, type PresenceListener, type RealtimeClient, type SubscribeOptions } from '../src/index.js';
import { open, server, states, until, useServer } from './harness.js';

const url = 'ws://localhost:1/realtime';
const handler = (): void => undefined;
/** What TypeScript would not let pass, as JavaScript passes it. */
const anything = (value: unknown) => value as never;

describe('options of connect', () => {
  it.each<[keyof ConnectOptions, unknown, string]>([
    ['url', 'not an address', 'Option url must be an address such as wss://host/realtime, not "not an address"'],
    ['url', 'ftp://host/', 'Option url must be an address such as wss://host/realtime, not "ftp://host/"'],
    ['url', 7, 'Option url must be an address such as wss://host/realtime, not 7'],
    ['servers', 'ws://one', 'Option servers must be a list whose elements are each an address such as wss://host/realtime, not "ws://one"'],
    ['servers', ['ws://one', 'two'], 'Option servers must be a list whose elements are each an address such as wss://host/realtime, not ["ws://one","two"]'],
    ['httpBase', 'host', 'Option httpBase must be an address such as https://host/realtime, not "host"'],
    ['login', 7, 'Option login must be a string, not 7'],
    ['passcode', 1234, 'Option passcode must be a string, not number'],
    ['token', 'abc', 'Option token must be a function, not string'],
    ['auth', 'cookie', 'Option auth must be \'ticket\', not "cookie"'],
    ['connectHeaders', { a: 1 }, 'Option connectHeaders must be an object of strings, not an object'],
    ['fetch', {}, 'Option fetch must be a function, not an object'],
    ['WebSocket', 'ws', 'Option WebSocket must be a function, not "ws"'],
    ['transports', [], 'Option transports must be a list of some of websocket, sse, poll, not []'],
    ['transports', ['pigeon'], 'Option transports must be a list of some of websocket, sse, poll, not ["pigeon"]'],
    ['store', { load: handler }, 'Option store must be an object with load() and save(), not an object'],
    ['maxPending', 0, 'Option maxPending must be a whole number from 1 to 100000, not 0'],
    ['maxPending', Infinity, 'Option maxPending must be a whole number from 1 to 100000, not Infinity'],
    ['heartbeatMs', -1, 'Option heartbeatMs must be a whole number from 0 to 86400000, not -1'],
    ['heartbeatMs', 0.5, 'Option heartbeatMs must be a whole number from 0 to 86400000, not 0.5'],
    ['timeoutMs', Infinity, 'Option timeoutMs must be a whole number from 1 to 86400000, not Infinity'],
    ['timeoutMs', '5s', 'Option timeoutMs must be a whole number from 1 to 86400000, not "5s"'],
    ['timeoutMs', null, 'Option timeoutMs must be a whole number from 1 to 86400000, not null'],
    ['openMs', NaN, 'Option openMs must be a whole number from 1 to 86400000, not NaN'],
    ['openMs', 2 ** 31, 'Option openMs must be a whole number from 1 to 86400000, not 2147483648'],
    ['reconnect', 1_000, 'Option reconnect must be an object, not 1000'],
    ['reconnect', { baseMs: Infinity }, 'Option baseMs must be a whole number from 1 to 86400000, not Infinity'],
    ['reconnect', { baseMs: 0 }, 'Option baseMs must be a whole number from 1 to 86400000, not 0'],
    ['reconnect', { capMs: -1 }, 'Option capMs must be a whole number from 1 to 86400000, not -1'],
    ['reconnect', { random: 4 }, 'Option random must be a function, not 4'],
  ])('%s %o', (name, value, message) => {
    expect(() => connect({ url, WebSocket, [name]: value })).toThrow(new TypeError(message));
  });

  it('are an object', () => {
    expect(() => connect(anything('ws://host'))).toThrow(new TypeError('The options of connect must be an object, not "ws://host"'));
    expect(() => connect(anything(null))).toThrow(new TypeError('The options of connect must be an object, not null'));
  });
});

describe('arguments', () => {
  const client: RealtimeClient = connect({ url, WebSocket, reconnect: { baseMs: 86_400_000, random: () => 0.99 } });
  const topic = client.topic('t');

  it.each<[string, () => unknown, string]>([
    ['a topic', () => client.topic(anything(undefined)), 'A topic must be a string that is not empty, not undefined'],
    ['a destination', () => client.onUser('', handler), 'A destination must be a string that is not empty, not ""'],
    ['a topic with a wildcard', () => client.topic('price.*'), 'A topic must be a name without the wildcard * (for patterns there is topics()), not "price.*"'],
    ['a destination with a wildcard', () => client.onUser('/topic/**', handler), 'A destination must be a name without the wildcard * (for patterns there is topics()), not "/topic/**"'],
    ['a pattern', () => client.topics(anything(undefined)), 'A pattern must be a string that is not empty, not undefined'],
    ['a pattern without a wildcard', () => client.topics('price'), 'A pattern must be a name with the wildcard *, such as price.* (topic() takes a single name), not "price"'],
    ['a pattern with NUL', () => client.topics('a.*\0'), 'A pattern must not contain "\\u0000"'],
    ['a part of a segment', () => client.topics('price.A*'), 'Illegal topic name "price.A*": * stands for one whole segment and a final ** for one or more, but segment "A*" is neither'],
    ['a part of a segment with slashes', () => client.topics('a.*/b'), 'Illegal topic name "a.*/b": * stands for one whole segment and a final ** for one or more, but segment "a.*" is neither'],
    ['** before the end', () => client.topics('a/**/b'), 'Illegal topic name "a/**/b": * stands for one whole segment and a final ** for one or more, but segment "**" is neither'],
    ['three asterisks', () => client.topics('a.***'), 'Illegal topic name "a.***": * stands for one whole segment and a final ** for one or more, but segment "***" is neither'],
    ['a pattern\'s handler', () => client.topics('*').subscribe(anything(1)), 'The handler must be a function, not 1'],
    ['a pattern\'s position', () => client.topics('*').subscribe(handler, anything({ position: { epoch: 'e', seq: 1 } })), 'Option position must be left out for a pattern, not an object'],
    ['a pattern\'s rewind', () => client.topics('*').subscribe(handler, anything({ rewind: 5 })), 'Option rewind must be left out for a pattern, not 5'],
    ['a pattern\'s snapshot', () => client.topics('*').subscribe(handler, anything({ snapshot: handler })), 'Option snapshot must be left out for a pattern, not a function'],
    ['a pattern\'s listener', () => client.topics('*').subscribe(handler, { onLive: anything(1) }), 'Option onLive must be a function, not 1'],
    ['a state listener', () => client.onState(anything({})), 'The listener must be a function, not an object'],
    ['a send listener', () => client.onSend(anything(1)), 'The listener must be a function, not 1'],
    ['a topic\'s send listener', () => topic.onSend(anything(1)), 'The listener must be a function, not 1'],
    ['a typing listener', () => topic.typing.onChange(anything(1)), 'The listener must be a function, not 1'],
    ['a handler', () => topic.subscribe(anything({})), 'The handler must be a function, not an object'],
    ['a user\'s handler', () => client.onUser('/user/queue/x', anything({})), 'The handler must be a function, not an object'],
    ['no options', () => topic.subscribe(handler, anything(null)), 'The options of subscribe must be an object, not null'],
    ['a buffer', () => topic.messages({ buffer: Infinity }), 'Option buffer must be a whole number from 1 to 1000000, not Infinity'],
    ['an id', () => topic.send(1, { id: anything(7) }), 'Option id must be a string that is not empty, not 7'],
    ['headers', () => topic.send(1, { headers: anything({ a: 1 }) }), 'Option headers must be an object of strings, not an object'],
    ['a presence listener', () => topic.watchPresence({ onJoin: 'x' } as unknown as PresenceListener), 'Option onJoin must be a function, not "x"'],
    ['unread topics', () => client.unread.watch(anything('t'), handler), 'The topics must be a list whose elements are each a string that is not empty, not "t"'],
    ['an unread listener', () => client.unread.watch(['t'], anything(1)), 'The listener must be a function, not 1'],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(new TypeError(message));
  });

  it.each<[keyof SubscribeOptions, unknown, string]>([
    ['position', { epoch: 'e' }, 'a position {epoch, seq}, not an object'],
    ['rewind', Infinity, 'a whole number from 0 to 1000000, not Infinity'],
    ['headers', ['x'], 'an object of strings, not ["x"]'],
    ['snapshot', true, 'a function, not true'],
    ['onRecovered', 1, 'a function, not 1'],
    ['onGap', 1, 'a function, not 1'],
    ['onLeftOut', 1, 'a function, not 1'],
    ['onSignal', 1, 'a function, not 1'],
    ['onError', 1, 'a function, not 1'],
  ])('option %s of a subscription', (name, value, allowed) => {
    const message = new TypeError(`Option ${name} must be ${allowed}`);
    expect(() => topic.subscribe(handler, { [name]: value })).toThrow(message);
    expect(() => topic.messages({ [name]: value })).toThrow(message);
    expect(() => client.onUser('/user/queue/x', handler, { [name]: value })).toThrow(message);
    if (/^on|headers/.test(name)) expect(() => client.topics('a.*').subscribe(handler, { [name]: value })).toThrow(message);
  });

  it.each(['*', '**', 'a.*', 'a.*.b', '*.b', 'a/**', 'a.b/*', '_queue.a.*', 'a.**'])('%s is a pattern', (pattern) => {
    expect(client.topics(pattern).pattern).toBe(pattern);
  });

  it('of what answers later reject', async () => {
    await expect(topic.publish(1, { type: anything(1) })).rejects.toThrow('Option type must be a string, not 1');
    await expect(topic.history({ limit: 0 })).rejects.toThrow('Option limit must be a whole number from 1 to 1000000, not 0');
    await expect(client.unread.markRead('t', anything({ seq: 1 }))).rejects.toThrow('The position must be a position {epoch, seq}, not an object');
    await client.close();
  });
});

describe('waits', () => {
  useServer();
  afterEach(() => vi.useRealTimers());

  it('are never longer than a timer can wait', async () => {
    const client = open({ transports: ['poll'], fetch: async () => new Response('', { status: 503, headers: { 'Retry-After': '99999999999' } }) });
    const seen = states(client);
    await until(() => seen.some(({ state }) => state === 'offline'));
    expect(seen.find(({ state }) => state === 'offline')?.detail?.retryInMs).toBeCloseTo(86_400_000, -4);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.filter(({ state }) => state === 'connecting')).toHaveLength(0);
  });

  it('end with a bound where the application\'s random is no number in [0, 1)', () => {
    for (const part of [NaN, Infinity, -1, 2]) expect(fullJitter(0, { baseMs: 10, capMs: 20, random: () => part })).toBe(10);
  });

  it('a token that is no string is a reason that is told', async () => {
    const client = connect({ url: server.url, WebSocket, token: anything(() => undefined), reconnect: { baseMs: 1_000, random: () => 0.9 } });
    const seen = states(client);
    await until(() => seen.some(({ detail }) => detail?.reason?.includes('What the function token resolves with must be a string, not undefined') ?? false));
    await client.close();
  });
});
