import { describe, expect, it } from 'vitest';
import { destinationOf, nameLike, nameOf } from '../src/names.js';
import { groupsOf } from '../src/unread.js';
import { live, open, server, until, useServer, watch } from './harness.js';

const NAMES = ['room.42', 'room/42', 'user@example.com', 'price:ACME', 'Zürich', '😀', 'a b ', '50%', '{a}', 'a,b', 'a?b=c&d#e', 'a+b', '..', '/a', '_status'];

describe('a topic', () => {
  it.each([
    ['/topic/room/42', 'room/42'], ['/topic/_status', '_status'], ['/topic/_a.b', '__a.b'], ['/topic/__a.b', '___a.b'],
    ['/topic/_ä.b', '_ä.b'], ['/topic/_presence.room/42', '_presence.room/42'], ['/topic/_presence._a.b', '_presence.__a.b'],
  ])('with the destination %s has the name %s', (destination, name) => {
    expect(nameOf(destination)).toBe(name);
    expect(destinationOf(name)).toBe(destination);
  });

  it.each([
    ['_queue.orders', '/queue/orders'], ['_my_2equeue.a/b', '/my.queue/a/b'], ['_-presence.x', '/presence/x'], ['_-_5fx.y', '/_x/y'],
    ['_-_c3_bc.x', '/ü/x'], ['_x.y', '/x/y'],
  ])('with the reserved name %s lies below another prefix, at %s', (name, destination) => {
    expect(destinationOf(name)).toBe(destination);
  });

  it.each([
    ['price.*', 'price.A'], ['__e.*', '__e.x'], ['**', '__a.b'], ['_queue.orders.*', '_queue.orders.7'], ['_queue.a/*', '_queue.a/b'], ['_my_2equeue.*', '_my_2equeue.x'],
  ])('that the pattern %s led to is found by its destination: %s', (pattern, name) => {
    expect(nameLike(pattern, destinationOf(name))).toBe(name);
  });

  it('is none below another prefix', () => {
    expect(nameOf('/queue/a')).toBeUndefined();
  });
});

describe('a topic with any name', () => {
  useServer();

  it.each(NAMES)('%j is subscribed by its destination and asked for by a parameter', async (name) => {
    const client = open();
    const seen = watch(client, name);
    await live(client);
    expect(server.last.received('SUBSCRIBE')[0]?.headers['destination']).toBe(`/topic/${name}`);
    server.publish(name, 'live');
    await until(() => seen.payloads.length === 1);
    const page = await client.topic(name).history();
    expect(page.topic).toBe(name);
    expect(server.requests[0]?.url.pathname).toBe('/realtime/topics/messages');
    expect(page.messages.map(({ payload }) => payload)).toEqual(['live']);
  });

  it('has the name of the RECEIPT where its destination has the form of a reserved one', async () => {
    const client = open();
    client.topic('__audit.log').subscribe(() => undefined);
    await live(client);
    expect(server.last.received('SUBSCRIBE')[0]?.headers['destination']).toBe('/topic/_audit.log');
  });

  it('is among the unread ones, also with commas and blanks', async () => {
    for (const name of NAMES) server.unread(name, 3);
    const client = open();
    const counts = new Map<string, number>();
    client.unread.watch(NAMES, (topic, count) => void counts.set(topic, count));
    await until(() => counts.size === NAMES.length);
    expect([...counts.keys()].sort()).toEqual([...NAMES].sort());
  });

  it('counts with its encoded length in a header', () => {
    const long = Array.from({ length: 30 }, (_, i) => `${i}`.padEnd(80, 'ü'));
    expect(groupsOf(long).every((group) => group.map(encodeURIComponent).join(',').length <= 3_500)).toBe(true);
  });
});
