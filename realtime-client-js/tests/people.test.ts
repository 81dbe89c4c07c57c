import { afterEach, describe, expect, it, vi } from 'vitest';
import * as presence from '../src/presence.js';
import { TopicTyping } from '../src/typing.js';
import { UnreadCounts, groupsOf } from '../src/unread.js';
import { live, open, server, until, useServer, watch } from './harness.js';

describe('presence', () => {
  useServer();

  function people(client = open()) {
    const seen = { members: [] as readonly string[], joins: [] as string[], leaves: [] as string[], changes: 0 };
    const watching = client.topic('room').watchPresence({
      onChange: (members) => {
        seen.members = members;
        seen.changes++;
      },
      onJoin: (user) => void seen.joins.push(user),
      onLeave: (user) => void seen.leaves.push(user),
    });
    return { client, seen, watching };
  }

  it('tells who is there, then who comes and goes', async () => {
    server.join('room', 'ann');
    const { client, seen, watching } = people();
    await live(client);
    expect(seen).toMatchObject({ members: ['ann'], joins: [] });
    server.join('room', 'bob');
    server.leave('room', 'ann');
    await until(() => seen.leaves.length === 1);
    expect(seen).toMatchObject({ members: ['bob'], joins: ['bob'], leaves: ['ann'] });
    expect([watching.members, watching.count]).toEqual([['bob'], 1]);
    watching.stop();
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
  });

  it('is right after a reconnect, with no double joins', async () => {
    server.join('room', 'ann');
    const { client, seen } = people();
    await live(client);
    server.refuse = true;
    server.last.cut();
    await until(() => client.state === 'offline');
    server.leave('room', 'ann');
    server.join('room', 'bob');
    server.join('room', 'ann');
    server.refuse = false;
    await until(() => seen.members.length === 2);
    expect(seen).toMatchObject({ members: ['bob', 'ann'], joins: ['bob', 'ann'], leaves: ['ann'] });
  });

  it('is read anew when joins were lost, and tells only what changed', async () => {
    server.join('room', 'ann');
    server.join('room', 'cid');
    const { client, seen } = people();
    await live(client);
    server.newEpoch('_presence.room', 'e2');
    server.members.set('room', new Set(['ann', 'bob']));
    server.last.cut();
    await until(() => seen.joins.length === 1);
    expect(seen).toMatchObject({ members: ['ann', 'bob'], joins: ['bob'], leaves: ['cid'] });
  });

  it('of a crowd is a count, and names again when it shrinks', async () => {
    server.join('room', 'ann');
    const { client, seen, watching } = people();
    await live(client);
    server.publish('_presence.room', { event: 'count', count: 1_234 });
    await until(() => watching.count === 1_234);
    expect(watching.members).toEqual([]);
    server.publish('_presence.room', { event: 'reset', count: 1 });
    await until(() => watching.members.length === 1);
    expect(seen.joins).toEqual([]);
  });

  it('works with a server that tells no position with the members', async () => {
    const { client, seen } = people();
    await live(client);
    await until(() => seen.members.length === 1);
    server.publish('_presence.room', { event: 'join', user: 'bob' });
    await until(() => seen.joins.length === 1);
    expect(seen.members).toEqual(['ada', 'bob']);
  });

  it('takes events twice and too late for what they are', () => {
    const ann = { members: ['ann'], count: 1 };
    expect(presence.apply(ann, { event: 'join', user: 'ann' }).state).toBe(ann);
    expect(presence.apply(ann, { event: 'leave', user: 'bob' }).state).toBe(ann);
    expect(presence.apply({ members: ['ann'], count: 3 }, { event: 'leave', user: 'bob' }).state).toEqual({ members: ['ann'], count: 2 });
    expect(presence.apply(ann, { event: 'later' } as never).state).toBe(ann);
  });
});

describe('typing', () => {
  useServer();

  it('is seen by the others and ends by itself or by a word', async () => {
    const [ada, bob] = [open(), open()];
    const seen: (readonly string[])[] = [];
    watch(bob, 'room');
    bob.topic('room').typing.onChange((users) => seen.push(users));
    await Promise.all([live(ada), live(bob)]);
    ada.topic('room').typing.start();
    await until(() => seen.length === 1);
    ada.topic('room').typing.start(); // Muted: the same topic object or not.
    ada.topic('room').typing.stop();
    await until(() => seen.length === 2);
    expect(seen).toEqual([['ada'], []]);
    expect(server.connections.flatMap((connection) => connection.received('SEND')).map(({ headers }) => headers)).toMatchObject([
      { destination: '/realtime/typing', topic: 'room', typing: 'true' },
      { destination: '/realtime/typing', topic: 'room', typing: 'false' },
    ]);
  });

  it('ends with a message of that user, not of another one', async () => {
    const [ada, bob] = [open(), open()];
    const seen: (readonly string[])[] = [];
    const { payloads } = watch(bob, 'room');
    const { typing } = bob.topic('room');
    typing.onChange((users) => seen.push(users));
    await Promise.all([live(ada), live(bob)]);
    ada.topic('room').typing.start();
    await until(() => seen.length === 1);
    server.send('room', server.store('room', 'from cid', { sender: 'cid' }));
    await until(() => payloads.length === 1);
    expect(typing.users).toEqual(['ada']);
    server.send('room', server.store('room', 'from ada', { sender: 'ada' }));
    await until(() => payloads.length === 2);
    expect(seen).toEqual([['ada'], []]);
  });

  it('is seen on a topic that is older than a thousand others', async () => {
    const [ada, bob] = [open(), open()];
    const room = bob.topic('room');
    void room.typing.users;
    for (let n = 0; n < 1_001; n++) void bob.topic(`t${n}`).typing.users;
    const seen: (readonly string[])[] = [];
    watch(bob, 'room');
    room.typing.onChange((users) => seen.push(users));
    for (let n = 0; n < 1_001; n++) void bob.topic(`u${n}`).typing.users;
    await Promise.all([live(ada), live(bob)]);
    ada.topic('room').typing.start();
    await until(() => seen.length === 1);
    expect(room.typing.users).toEqual(['ada']);
  });

  describe('by the clock', () => {
    afterEach(() => vi.useRealTimers());

    it('is told by the first keystroke, then muted for 5 s', () => {
      vi.useFakeTimers();
      const sent: string[] = [];
      const typing = new TopicTyping('t', () => ({ headers }) => void sent.push(headers['typing'] ?? ''));
      for (let s = 0; s < 12; s++) {
        typing.start();
        vi.advanceTimersByTime(1_000);
      }
      expect(sent).toEqual(['true', 'true', 'true']);
      typing.stop();
      typing.stop();
      typing.start(); // The server would drop it; the next keystroke tells.
      vi.advanceTimersByTime(1_001);
      typing.start();
      expect(sent.slice(3)).toEqual(['false', 'true']);
    });

    it('is forgotten after 7 s, and later when it goes on', () => {
      vi.useFakeTimers();
      const typing = new TopicTyping('t', () => undefined);
      const seen: (readonly string[])[] = [];
      const end = typing.onChange((users) => seen.push(users));
      typing.signal({ user: 'ann', typing: true });
      vi.advanceTimersByTime(5_000);
      typing.signal({ user: 'ann', typing: true });
      typing.signal({ user: 'bob', typing: true });
      vi.advanceTimersByTime(6_000);
      expect(seen).toEqual([['ann'], ['ann', 'bob']]);
      vi.advanceTimersByTime(1_000);
      expect(typing.users).toEqual([]);
      end();
      typing.signal({ user: 'ann', typing: true });
      expect(seen).toHaveLength(4);
      typing.end();
    });

    it('is not queued: without a connection the next keystroke tells', () => {
      vi.useFakeTimers();
      const sent: string[] = [];
      let connected = false;
      const typing = new TopicTyping('t', () => (connected ? ({ headers }) => void sent.push(headers['typing'] ?? '') : undefined));
      typing.start();
      connected = true;
      typing.start();
      expect(sent).toEqual(['true']);
    });
  });
});

describe('unread counts', () => {
  useServer();

  it('come at first and at every change, until stopped', async () => {
    server.unread('a', 3, 1);
    const client = open();
    const seen: unknown[] = [];
    const watching = client.unread.watch(['a', 'b'], (topic, count, { latest }) => seen.push([topic, count, latest]));
    await live(client);
    server.unread('b', 1);
    await until(() => seen.length === 2);
    expect(seen).toEqual([['a', 3, 4], ['b', 1, 1]]);
    server.last.cut();
    await until(() => server.last.unread.size === 1 && server.connections.length === 2);
    server.unread('b', 2);
    await until(() => seen.length === 3); // What is as it was is not told again.
    watching.stop();
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
  });

  it('fall when something is read, by one request at a time', async () => {
    for (let i = 0; i < 9; i++) server.store('a', i);
    const client = open();
    const counts: number[] = [];
    client.unread.watch(['a'], (_topic, count) => counts.push(count));
    await live(client);
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((seq) => client.unread.markRead('a', { epoch: 'e1', seq })));
    await until(() => counts.at(-1) === 2);
    expect(server.requests).toHaveLength(2);
    await expect(client.unread.markRead('a')).resolves.toMatchObject({ unread: 0, read: 9 });
  });

  it('end where the furthest device read, whatever came in which order, and although one request failed', async () => {
    const calls: (number | undefined)[] = [];
    const answer: (() => void)[] = [];
    const unread = new UnreadCounts({
      subscribe: () => ({ position: undefined, unsubscribe: () => undefined }),
      markRead: (topic, position) => new Promise((resolve, reject) => {
        calls.push(position?.seq);
        const state = { topic, epoch: 'e', read: position?.seq ?? 0, unread: 0, latest: 20 };
        answer.push(() => (calls.length === 1 ? reject(new Error('away')) : resolve(state)));
      }),
    });
    const marks = [10, 12, 11].map((seq) => unread.markRead('t', { epoch: 'e', seq }));
    for (; answer.length > 0; await Promise.resolve().then(() => undefined)) {
      answer.splice(0).forEach((one) => one());
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(calls).toEqual([10, 12]);
    expect(await Promise.all(marks)).toMatchObject([{ read: 12 }, { read: 12 }, { read: 12 }]);
  });

  it('of many topics are asked for in groups that a header can hold', () => {
    const topics = Array.from({ length: 250 }, (_, i) => `room.${i}`);
    expect(groupsOf(topics).map((group) => group.length)).toEqual([100, 100, 50]);
    const long = Array.from({ length: 30 }, (_, i) => `${i}`.padEnd(250, 'x'));
    expect(groupsOf(long).every((group) => group.join(',').length <= 3_500)).toBe(true);
    expect(groupsOf(long).flat()).toEqual(long);
  });
});

describe('a loop over messages', () => {
  useServer();

  it('sees every message, and ends the subscription when it is left', async () => {
    const client = open();
    const messages = client.topic('t').messages<number>();
    await live(client);
    server.publish('t', 1, 2, 3);
    const seen: number[] = [];
    for await (const { payload } of messages) {
      seen.push(payload);
      if (payload === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
    await expect(messages.next()).resolves.toMatchObject({ done: true });
  });

  it('lets the log keep what its buffer cannot', async () => {
    const client = open();
    const messages = client.topic('t').messages<number>({ buffer: 10 });
    await live(client);
    for (let i = 1; i <= 100; i++) server.publish('t', i);
    await until(() => server.last.received('UNSUBSCRIBE').length === 1);
    const seen: number[] = [];
    for await (const { payload } of messages) if (seen.push(payload) === 100) break;
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('ends when the client is closed', async () => {
    const client = open();
    const loop = (async () => {
      for await (const _ of client.topic('t').messages());
      return 'ended';
    })();
    await live(client);
    await client.close();
    await expect(loop).resolves.toBe('ended');
  });
});
