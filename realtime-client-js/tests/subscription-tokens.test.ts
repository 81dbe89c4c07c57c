import { describe, expect, it } from 'vitest';
import { live, open, server, until, useServer, watch } from './harness.js';

describe('the token of a subscription', () => {
  useServer();

  const tokens = (): (string | undefined)[] =>
    server.connections.flatMap((connection) => connection.received('SUBSCRIBE').map(({ headers }) => headers['subscription-token']));

  it('is fetched before each SUBSCRIBE', async () => {
    let fetched = 0;
    const client = open();
    const seen = watch(client, 'order.1', { token: () => Promise.resolve(`t${++fetched}`) });
    watch(client, 'order.2', { token: 'fixed' });
    watch(client, 'open');
    await live(client);
    expect(new Set(tokens())).toEqual(new Set(['t1', 'fixed', undefined]));
    server.last.cut();
    await until(() => server.connections.length === 2 && client.state === 'live');
    expect(tokens().filter((token) => token?.startsWith('t'))).toEqual(['t1', 't2']);
    server.publish('order.1', 'hi');
    await until(() => seen.payloads.length === 1);
  });

  it('is fetched again when it has expired, and nothing is lost or doubled', async () => {
    let fetched = 0;
    const client = open();
    const seen = watch(client, 'order.1', { token: () => `t${++fetched}` });
    await live(client);
    server.publish('order.1', 1);
    await until(() => seen.payloads.length === 1);
    server.last.subscriptions.delete('s0');
    server.store('order.1', 2);
    server.last.event('denied', { reason: 'expired', message: 'it has expired', 'subscription-id': 's0', 'refused-destination': '/topic/order.1' });
    await until(() => fetched === 2 && seen.payloads.length === 2);
    server.publish('order.1', 3);
    await until(() => seen.payloads.length === 3);
    expect(seen.payloads).toEqual([1, 2, 3]);
    expect(seen.errors).toEqual([]);
    expect(server.last.received('SUBSCRIBE').at(-1)?.headers).toMatchObject({ id: 's0', 'subscription-token': 't2', 'last-seq': '1' });
    expect(server.connections).toHaveLength(1);
    expect(client.state).toBe('live');
  });

  it('lets what is missing be fetched', async () => {
    const client = open();
    const seen = watch(client, 'order.1', { token: () => 't1' });
    await live(client);
    server.store('order.1', 1);
    server.publish('order.1', 2);
    await until(() => seen.payloads.length === 2);
    expect(seen.payloads).toEqual([1, 2]);
    expect(server.requests.map(({ url }) => url.searchParams.get('subscription-token'))).toEqual(['t1']);
  });

  it('that is a text is not asked for again', async () => {
    const client = open();
    const seen = watch(client, 'order.1', { token: 'fixed' });
    await live(client);
    server.last.event('denied', { reason: 'expired', message: 'it has expired', 'subscription-id': 's0' });
    await until(() => seen.errors.length === 1);
    expect(seen.errors).toMatchObject([{ kind: 'denied', reason: 'expired' }]);
    expect(tokens()).toEqual(['fixed']);
  });

  it('that cannot be fetched is reported and fetched again, and holds up nothing else', async () => {
    let fetched = 0;
    const client = open();
    const token = (): string => {
      if (++fetched < 3) throw new Error('no token now');
      return 't';
    };
    const seen = watch(client, 'order.1', { token });
    const other = watch(client, 'open');
    await live(client);
    server.publish('open', 1);
    await until(() => other.payloads.length === 1);
    await until(() => tokens().includes('t'));
    expect(seen.errors).toMatchObject([{ message: 'no token now' }, { message: 'no token now' }]);
    server.publish('order.1', 1);
    await until(() => seen.payloads.length === 1);
  });

  it('of a subscription that ended meanwhile is not used', async () => {
    const client = open();
    let give: (token: string) => void = () => undefined;
    const seen = watch(client, 'order.1', { token: () => new Promise((resolve) => (give = resolve)) });
    const other = watch(client, 'open');
    await until(() => server.connections.length === 1 && server.last.received('SUBSCRIBE').length === 1);
    seen.sub.unsubscribe();
    give('late');
    server.publish('open', 1);
    await until(() => other.payloads.length === 1);
    expect(tokens()).toEqual([undefined]);
    await live(client);
  });

  it('of a pattern is sent too', async () => {
    const client = open();
    client.topics('order.*').subscribe(() => undefined, { token: () => 't1' });
    await live(client);
    expect(tokens()).toEqual(['t1']);
  });

  it.each(['sse', 'poll'] as const)('is a parameter over %s', async (transport) => {
    const client = open({ transports: [transport] });
    const seen = watch(client, 'order.1', { token: () => 't1' });
    watch(client, 'open');
    await live(client);
    server.publish('order.1', 1);
    await until(() => seen.payloads.length === 1);
    const asked = server.streams.received(`/realtime/${transport}`).map(({ url }) => url.searchParams.getAll('subscription-token'));
    expect(asked.at(-1)).toEqual(['t1']);
  });

  it('must be a string or a function, and is not in the error', () => {
    const client = open();
    expect(() => watch(client, 'a', { token: 7 as unknown as string })).toThrow(/string or a function/);
    expect(() => watch(client, 'a', { token: 'a\0secret' })).toThrow(TypeError);
  });
});
