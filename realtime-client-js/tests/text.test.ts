import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RealtimeMessage } from '../src/index.js';
import { assembleText, followText, type FollowOptions, type Following, type TextEnd } from '../src/stream.js';
import { live, open, server, until, useServer } from './harness.js';

interface Seen {
  readonly texts: string[];
  readonly ends: [outcome: string, end: TextEnd][];
  readonly errors: unknown[];
}

function listener() {
  const seen: Seen = { texts: [], ends: [], errors: [] };
  return {
    seen,
    onText: (text: string) => void seen.texts.push(text),
    onEnd: (outcome: string, end: TextEnd) => void seen.ends.push([outcome, end]),
    onError: (error: unknown) => void seen.errors.push(error),
  };
}

const text = (id: string, offset: number) => ({ type: 'stream.text', 'stream-id': id, 'stream-offset': String(offset), 'stream-timeout': '30000' });
const ending = (id: string, length: number, outcome: string) =>
  ({ type: 'stream.end', 'stream-id': id, 'stream-offset': String(length), 'stream-outcome': outcome });

describe('the messages of a text', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const message = (headers: Record<string, string>, payload = ''): RealtimeMessage => {
    const { type, ...others } = headers;
    return { topic: 't', position: { epoch: 'e', seq: 1 }, timestamp: 0, ...(type !== undefined && { type }), headers: others, payload };
  };

  it('become the text, whatever is repeated', () => {
    const { seen, ...calls } = listener();
    const assembler = assembleText(calls);
    const give = (offset: number, payload: string) => assembler.accept(message(text('a', offset), payload));
    give(0, '');
    give(0, 'Hel');
    give(3, 'lo');
    give(3, 'lo');
    // the whole once more, in other pieces
    give(0, 'Hell');
    give(4, 'o wor');
    give(9, '');
    give(9, 'ld');
    assembler.accept(message(ending('a', 11, 'done')));
    assembler.accept(message(ending('a', 11, 'done')));
    give(0, 'Hello');
    expect(seen.texts).toEqual(['', 'Hel', 'Hello', 'Hello wor', 'Hello world']);
    expect(seen.ends).toEqual([['done', { id: 'a', text: 'Hello world', complete: true, reference: undefined }]]);
    vi.advanceTimersByTime(60_000);
    expect(seen.ends).toHaveLength(1);
  });

  it('are left alone when they are others', () => {
    const { seen, ...calls } = listener();
    const assembler = assembleText(calls);
    expect(assembler.accept(message({}, 'x'))).toBe(false);
    expect(assembler.accept(message({ type: 'stream.text' }, 'x'))).toBe(false);
    expect(assembler.accept(message({ ...text('a', 0), 'stream-offset': '-1' }, 'x'))).toBe(false);
    expect(assembler.accept(message({ ...text('a', 0), 'stream-offset': 'NaN' }, 'x'))).toBe(false);
    expect(assembler.accept(message({ ...text('a', 0), type: 'chat' }, 'x'))).toBe(false);
    expect(seen.texts).toEqual([]);
  });

  it('of several texts do not mix', () => {
    const { seen, ...calls } = listener();
    const both: [string, string][] = [];
    const assembler = assembleText({ ...calls, onText: (now, id) => void both.push([id, now]) });
    assembler.accept(message(text('a', 0), 'one'));
    assembler.accept(message(text('b', 0), 'two'));
    assembler.accept(message(text('a', 3), '!'));
    assembler.accept(message({ ...ending('b', 3, 'failed'), 'stream-reference': 'c0ffee' }));
    expect(both).toEqual([['a', 'one'], ['b', 'two'], ['a', 'one!']]);
    expect(seen.ends).toEqual([['failed', { id: 'b', text: 'two', complete: true, reference: 'c0ffee' }]]);
  });

  it('without its beginning wait for the repetition', () => {
    const { seen, ...calls } = listener();
    const assembler = assembleText(calls);
    assembler.accept(message(text('a', 5), ' wor'));
    expect(seen.texts).toEqual([]);
    assembler.accept(message(text('a', 0), 'Hello'));
    assembler.accept(message(text('a', 5), ' wor'));
    assembler.accept(message(text('a', 9), 'ld'));
    assembler.accept(message(ending('a', 11, 'done')));
    expect(seen.texts).toEqual(['Hello', 'Hello wor', 'Hello world']);
    expect(seen.ends[0]?.[1].complete).toBe(true);
  });

  it('say that they are incomplete when the end comes first', () => {
    const { seen, ...calls } = listener();
    const assembler = assembleText(calls);
    assembler.accept(message(text('a', 0), 'Hello'));
    assembler.accept(message(text('a', 9), 'ld'));
    assembler.accept(message(ending('a', 11, 'done')));
    expect(seen.ends).toEqual([['done', { id: 'a', text: 'Hello', complete: false, reference: undefined }]]);
  });

  it('that stop coming are lost, and found again if they go on', () => {
    const { seen, ...calls } = listener();
    let isLive = false;
    const assembler = assembleText(calls, { isLive: () => isLive });
    assembler.accept(message({ ...text('a', 0), 'stream-timeout': '3000' }, 'Hel'));
    // Silence of one's own connection says nothing.
    vi.advanceTimersByTime(20_000);
    expect(seen.ends).toEqual([]);
    isLive = true;
    assembler.wait();
    vi.advanceTimersByTime(2_900);
    assembler.accept(message(text('a', 3), ''));
    vi.advanceTimersByTime(29_900);
    expect(seen.ends).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(seen.ends).toEqual([['lost', { id: 'a', text: 'Hel', complete: false, reference: undefined }]]);
    assembler.wait();
    vi.advanceTimersByTime(100_000);
    expect(seen.ends).toHaveLength(1);
    assembler.accept(message(text('a', 3), 'lo'));
    assembler.accept(message(ending('a', 5, 'done')));
    expect(seen.texts).toEqual(['Hel', 'Hello']);
    expect(seen.ends.map(([outcome]) => outcome)).toEqual(['lost', 'done']);
  });

  it('reach a listener that throws, and the next ones too', () => {
    const { seen, ...calls } = listener();
    const assembler = assembleText({
      ...calls,
      onText: (now) => {
        calls.onText(now);
        throw new Error('on purpose');
      },
    });
    assembler.accept(message(text('a', 0), 'x'));
    assembler.accept(message(text('a', 1), 'y'));
    expect(seen.texts).toEqual(['x', 'xy']);
    expect(seen.errors).toHaveLength(2);
  });

  it('are not kept without a bound, and not at all after stop()', () => {
    const { seen, ...calls } = listener();
    const assembler = assembleText(calls);
    for (let i = 0; i < 2_500; i++) {
      assembler.accept(message(text(`a${i}`, 0), 'x'));
      assembler.accept(message(text('busy', 0), ''));
    }
    expect(vi.getTimerCount()).toBe(1_000);
    assembler.accept(message(text('busy', 0), 'y'));
    expect(seen.texts.slice(0, 3)).toEqual(['x', '', 'x']);
    expect(seen.texts.filter((each) => each === '')).toHaveLength(1);
    assembler.stop();
    expect(vi.getTimerCount()).toBe(0);
    assembler.accept(message(text('b', 0), 'x'));
    expect(vi.getTimerCount()).toBe(0);
    expect(seen.texts).toHaveLength(2_502);
  });

  it('are missed once for each place, although many are replayed again', () => {
    const missing: string[] = [];
    const assembler = assembleText(listener(), { onMissing: (id) => void missing.push(id) });
    for (let replay = 0; replay < 3; replay++) {
      for (let i = 0; i < 1_000; i++) assembler.accept(message(text(`a${i}`, 5), 'x'));
    }
    expect(missing).toHaveLength(1_000);
    assembler.stop();
  });

  it('are refused with a sentence when the arguments are wrong', () => {
    expect(() => assembleText({} as never)).toThrow('onText must be a function');
    expect(() => assembleText({ onText: () => undefined, onEnd: 1 as never })).toThrow('Option onEnd must be a function');
    expect(() => assembleText(undefined as never)).toThrow('The listener of a text must be an object');
  });
});

describe('a text on a topic', () => {
  useServer();
  const followed: Following[] = [];
  afterEach(() => followed.splice(0).forEach((each) => each.stop()));

  function follow(client = open(), options: FollowOptions = {}) {
    const { seen, ...calls } = listener();
    const following = followText(client, 'answers', calls, options);
    followed.push(following);
    return { client, seen, following };
  }

  const say = (offset: number, piece: string) => server.send('answers', server.store('answers', piece, text('a', offset)));

  it('is the same in two windows, one of which was opened in its middle', async () => {
    const one = follow();
    await live(one.client);
    say(0, '');
    say(0, 'Hello ');
    say(6, 'wor');
    const two = follow();
    await until(() => two.seen.texts.at(-1) === 'Hello wor');
    say(9, 'ld');
    server.send('answers', server.store('answers', '', ending('a', 11, 'done')));
    for (const { seen } of [one, two]) {
      await until(() => seen.ends.length === 1);
      expect(seen.texts.at(-1)).toBe('Hello world');
      expect(seen.ends[0]).toEqual(['done', { id: 'a', text: 'Hello world', complete: true, reference: undefined }]);
      expect(seen.errors).toEqual([]);
    }
  });

  it('is exact after the connection was cut', async () => {
    const { client, seen } = follow();
    await live(client);
    say(0, 'one ');
    await until(() => seen.texts.length === 1);
    server.last.cut();
    server.store('answers', 'two ', text('a', 4));
    server.store('answers', 'three', text('a', 8));
    await until(() => seen.texts.at(-1) === 'one two three');
    expect(seen.texts).toEqual(['one ', 'one two ', 'one two three']);
  });

  it('is read again from the history when a piece was lost', async () => {
    const { client, seen } = follow();
    await live(client);
    say(0, 'one ');
    await until(() => seen.texts.length === 1);
    server.store('answers', 'two ', text('a', 4));
    const log = server.log('answers');
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    server.last.event('gap', { 'subscription-id': id, topic: 'answers', epoch: log.epoch, from: 2, to: 2, reason: 'overflow' });
    say(8, 'three');
    await until(() => seen.texts.at(-1) === 'one two three');
    expect(server.last.received('SUBSCRIBE')).toHaveLength(2);
    expect(server.last.received('UNSUBSCRIBE')).toHaveLength(1);
    expect(server.last.received('SUBSCRIBE')[1]?.headers).toMatchObject({ rewind: '1000' });
  });

  it('is read again from the history, and earlier texts are not, when it began in the middle', async () => {
    server.store('answers', 'earlier', text('z', 0));
    server.store('answers', '', ending('z', 7, 'done'));
    server.store('answers', 'one ', text('a', 0));
    const { client, seen } = follow(undefined, { rewind: 0 });
    await live(client);
    say(4, 'two ');
    await until(() => seen.texts.at(-1) === 'one two ');
    server.send('answers', server.store('answers', '', ending('a', 8, 'done')));
    await until(() => seen.ends.length === 1);
    expect(seen.texts).toEqual(['one ', 'one two ']);
    expect(seen.ends).toMatchObject([['done', { id: 'a', complete: true }]]);
    expect(server.last.received('SUBSCRIBE').map(({ headers }) => headers['rewind'])).toEqual([undefined, '1000']);
  });

  it('is not lost when the subscription is denied, until the next connection has it again', async () => {
    const brief = { ...text('a', 0), 'stream-timeout': '300' };
    const one = follow();
    await live(one.client);
    const id = server.last.received('SUBSCRIBE')[0]?.headers['id'] ?? '';
    const connection = server.last;
    const two = follow();
    await live(two.client);
    server.send('answers', server.store('answers', 'x', brief));
    connection.subscriptions.clear();
    connection.event('denied', { reason: 'revoked', message: 'No more', 'subscription-id': id });
    await until(() => one.seen.errors.length === 1);
    const three = follow();
    await until(() => three.seen.ends.length === 1);
    expect(two.seen.ends).toMatchObject([['lost', { id: 'a', text: 'x' }]]);
    expect(one.seen.ends).toEqual([]);
    expect(one.seen.errors).toMatchObject([{ kind: 'denied', reason: 'revoked' }]);
    connection.cut();
    await until(() => one.seen.ends.length === 1);
    expect(one.seen.ends).toMatchObject([['lost', { id: 'a', text: 'x' }]]);
  });

  it('that the history no longer has is read once, and not again and again', async () => {
    server.log('answers').latest = 5;
    const { client, seen } = follow();
    await live(client);
    say(100, 'x');
    await until(() => server.last.received('SUBSCRIBE').length === 2);
    say(101, 'y');
    server.send('answers', server.store('answers', '', ending('a', 102, 'stopped')));
    await until(() => seen.ends.length === 1);
    expect(seen.ends).toEqual([['stopped', { id: 'a', text: '', complete: false, reference: undefined }]]);
    expect(server.last.received('SUBSCRIBE')).toHaveLength(2);
  });

  it('is no longer followed after stop(), or when the client is closed', async () => {
    const { client, seen, following } = follow();
    await live(client);
    following.stop();
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
    say(0, 'x');
    const other = follow();
    await until(() => other.seen.texts.length === 1);
    expect(seen.texts).toEqual([]);
    await other.client.close();
    await client.close();
  });

  it('cannot be followed with wrong arguments', () => {
    const client = open();
    expect(() => followText(undefined as never, 't', listener())).toThrow('The client of followText must be an object');
    expect(() => followText(client, 't', listener(), { rewind: 5_000 })).toThrow('Option rewind must be a whole number from 0 to 1000');
  });
});
