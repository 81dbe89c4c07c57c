/* What the client makes of the bytes that the server's tests check it to write; see docs/wire-fixtures. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Gap, PatternGap, PatternRecovery, RealtimeMessage, Recovery, Signal } from '../src/index.js';
import { EventStreamParser } from '../src/sse-parser.js';
import { live, open, server, states, until, useServer, watch } from './harness.js';

interface Case<I> {
  readonly name: string;
  readonly in: I;
  readonly text: string;
  readonly poll?: string;
}

function fixture<I>(file: string): Case<I>[] {
  return JSON.parse(readFileSync(new URL(`../../docs/wire-fixtures/${file}.json`, import.meta.url), 'utf8')) as Case<I>[];
}

/** Sends a frame as it stands in the file, but for the id of the subscription it belongs to. */
function send(text: string, names: Record<string, string> = {}): void {
  const own = Object.entries(names).reduce((frame, [name, value]) => frame.replace(new RegExp(`^${name}:.*$`, 'm'), `${name}:${value}`), text);
  server.last.socket.send(own.replace('{n}', '1'));
}

describe('a frame of the fixtures', () => {
  useServer();

  interface MessageIn {
    readonly topic: string; readonly destination: string; readonly epoch: string; readonly seq: number; readonly timestamp: number;
    readonly id: string | null; readonly type: string | null; readonly 'content-type': string; readonly headers: Record<string, string>;
    readonly payload: string;
  }
  const reserved = new Set(['seq', 'event', 'subscription']);

  it.each(fixture<MessageIn>('message'))('MESSAGE: $name', async ({ in: message, text }) => {
    const client = open();
    const seen: RealtimeMessage[] = [];
    client.onUser(message.destination, (one) => void seen.push(one), { position: { epoch: message.epoch, seq: message.seq - 1 } });
    await until(() => server.last.subscriptions.size === 1);
    send(text, { subscription: 's0' });
    await until(() => seen.length === 1);
    expect(seen[0]).toMatchObject({
      position: { epoch: message.epoch, seq: message.seq },
      timestamp: message.timestamp,
      headers: Object.fromEntries(Object.entries(message.headers).filter(([name]) => !reserved.has(name))),
      contentType: message['content-type'],
      payload: message['content-type'] === 'application/json' ? JSON.parse(message.payload) : message.payload,
    });
    expect([seen[0]?.id ?? null, seen[0]?.type ?? null]).toEqual([message.id, message.type]);
  });

  interface ReceiptIn {
    readonly headers: { readonly epoch?: string; readonly seq?: number; readonly replayed?: number; readonly recovered?: boolean; readonly reason?: string };
  }
  const receipts = fixture<ReceiptIn>('receipt');

  it.each(receipts.filter(({ in: { headers } }) => headers.recovered !== undefined))('RECEIPT of a $name', async ({ in: { headers }, text }) => {
    server.intercept = (frame) => {
      if (frame.command === 'SUBSCRIBE') send(text, { 'receipt-id': frame.headers['receipt'] ?? '' });
      return frame.command === 'SUBSCRIBE';
    };
    const client = open();
    const recoveries: Recovery[] = [];
    const position = { epoch: headers.recovered ? headers.epoch ?? '' : '0ABCDEFGHJ', seq: 8 };
    client.topic('room.42').subscribe(() => undefined, { position, onRecovered: (recovery) => recoveries.push(recovery) });
    await until(() => recoveries.length === 1);
    expect(recoveries[0]).toEqual({
      recovered: headers.recovered,
      replayed: headers.replayed,
      position: { epoch: headers.epoch, seq: headers.seq },
      ...(headers.reason !== undefined && { reason: headers.reason }),
    });
  });

  it.each(receipts.filter(({ name }) => name.startsWith('SEND') || name.startsWith('a frame')))('RECEIPT of $name', async ({ in: { headers }, text }) => {
    server.intercept = (frame) => {
      if (frame.command === 'SEND') send(text, { 'receipt-id': frame.headers['receipt'] ?? '' });
      return frame.command === 'SEND';
    };
    const position = headers.epoch === undefined ? undefined : { epoch: headers.epoch, seq: headers.seq };
    await expect(open().topic('room.42').publish(1)).resolves.toEqual(position);
  });

  it.each(fixture<{ headers: Gap & Record<string, unknown> }>('gap'))('gap: $name', async ({ in: { headers }, text }) => {
    const client = open();
    const leftOut: Gap[] = [];
    const seen = watch(client, 'room.42', { position: { epoch: '7QX2M0A9BC', seq: 12 }, onLeftOut: (gap) => leftOut.push(gap) });
    server.newEpoch('room.42', '7QX2M0A9BC');
    for (let i = 0; i < 12; i++) server.void('room.42');
    await live(client);
    send(text, { 'subscription-id': 's0' });
    const { topic, epoch, from, to, reason } = headers;
    await until(() => seen.sub.position?.seq === to);
    const onPurpose = reason === 'sampled' || reason === 'conflated';
    expect(onPurpose ? leftOut : seen.gaps).toEqual(reason === 'excluded' ? [] : [{ topic, epoch, from, to, reason }]);
    expect(onPurpose ? seen.gaps : leftOut).toEqual([]);
  });

  const patterns = fixture<{ readonly pattern: string; readonly resumed?: number | null }>('pattern');

  it.each(patterns.filter(({ text }) => text.startsWith('RECEIPT')))('RECEIPT of a pattern: $name', async ({ in: { pattern, resumed }, text }) => {
    const client = open();
    const recoveries: PatternRecovery[] = [];
    client.topics(pattern).subscribe(() => undefined, { onRecovered: (recovery) => recoveries.push(recovery) });
    await live(client);
    const topics = Array.from({ length: resumed ?? 0 }, (_, i) => pattern.replace(/\*+/, String(i)));
    for (const topic of topics) server.publish(topic, 1);
    server.intercept = (frame) => {
      if (frame.command === 'SUBSCRIBE') send(text, { 'receipt-id': frame.headers['receipt'] ?? '' });
      return frame.command === 'SUBSCRIBE';
    };
    await client.topic('x').publish(1);
    server.last.cut();
    await until(() => recoveries.length === 1);
    expect(recoveries).toEqual([{ recovered: false, resumed: topics.reverse(), reason: 'pattern' }]);
  });

  it.each(patterns.filter(({ text }) => text.startsWith('MESSAGE')))('gap of a pattern: $name', async ({ in: { pattern }, text }) => {
    const client = open();
    const gaps: PatternGap[] = [];
    client.topics(pattern).subscribe(() => undefined, { onGap: (one) => gaps.push(one) });
    await live(client);
    send(text, { 'subscription-id': 's0' });
    await until(() => gaps.length === 1);
    expect(gaps).toEqual([{ topic: undefined, pattern, reason: 'pattern' }]);
  });

  it.each(fixture<Record<string, string | null>>('denied'))('denied: $name', async ({ in: denied, text }) => {
    const client = open();
    const seen = states(client);
    const topic = watch(client, 'room.42');
    await live(client);
    const mine = denied['subscription-id'] !== null;
    send(text, { 'subscription-id': 's0' });
    if (mine) {
      await until(() => topic.errors.length === 1);
      expect(topic.errors).toMatchObject([{ kind: 'denied', reason: denied['reason'], message: denied['message'] }]);
    } else {
      await until(() => seen.some(({ detail }) => detail?.reason === denied['message']));
    }
  });

  it.each([...fixture<Record<string, string>>('error'), ...fixture<Record<string, string>>('bad-frame')])('ERROR: $name', async ({ in: error, text }) => {
    const client = open();
    const seen = states(client);
    await live(client);
    send(text);
    server.last.socket.close(1002);
    await until(() => seen.some(({ detail }) => detail?.reason === error['message']));
  });

  it.each(fixture<Record<string, number>>('reconnect'))('reconnect: $name', async ({ in: reconnect, text }) => {
    const client = open();
    const seen = states(client);
    await live(client);
    send(text);
    await until(() => seen.some(({ detail }) => detail?.reason === 'draining' && detail.retryInMs === reconnect['after-ms']));
  });

  it.each(fixture<Record<string, number>>('expiring'))('expiring: $name', async ({ text }) => {
    const client = open();
    const seen = states(client);
    await live(client);
    send(text);
    await until(() => seen.some(({ detail }) => detail?.reason === 'expiring'));
  });

  it.each(fixture<Record<string, string | null>>('signal'))('signal: $name', async ({ in: signal, text }) => {
    const client = open();
    const seen: Signal[] = [];
    client.topic(signal['topic'] ?? '').subscribe(() => undefined, { onSignal: (one) => seen.push(one) });
    await live(client);
    send(text, { 'subscription-id': 's0' });
    await until(() => seen.length === 1);
    const { topic, type, user, payload } = signal;
    expect(seen[0]).toEqual({ topic, type, user: user ?? undefined, payload: payload ? JSON.parse(payload) : undefined });
  });
});

interface StreamIn {
  readonly event: string;
  readonly position?: string;
  readonly data: Record<string, unknown>;
}

describe('an event of the fixtures', () => {
  const cases = fixture<StreamIn>('stream');

  it.each(cases)('stream: $name', ({ in: event, text, poll }) => {
    const events = new EventStreamParser().feed(text).map((one) => ({ ...one, data: JSON.parse(one.data) as unknown }));
    expect(events).toEqual([{ event: event.event, id: event.position ?? '', data: event.data }]);
    if (poll !== undefined) expect(JSON.parse(poll)).toEqual({ event: event.event, ...event.data });
  });

  it('comes out the same however the network cuts the stream', () => {
    const text = cases.map((one) => one.text).join(': heartbeat\n\n');
    const whole = new EventStreamParser().feed(text);
    for (const size of [1, 2, 3, 7, 64]) {
      for (const ends of ['\n', '\r\n', '\r']) {
        const parser = new EventStreamParser();
        const pieces = text.replaceAll('\n', ends).match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        // A CR at the end could be half of a CRLF: only what follows tells.
        expect([...pieces.flatMap((piece) => parser.feed(piece)), ...parser.feed(':\n')]).toEqual(whole);
      }
    }
  });
});

describe('an event stream', () => {
  const read = (text: string) => new EventStreamParser().feed(text);

  it('is read as the HTML standard says', () => {
    expect(read('\uFEFFdata: a\ndata:b\ndata\n\n')).toEqual([{ event: 'message', id: '', data: 'a\nb\n' }]);
    expect(read('event: x\n\ndata:  two spaces\n\n')).toEqual([{ event: 'message', id: '', data: ' two spaces' }]);
    expect(read('id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n').map(({ id }) => id)).toEqual(['1', '1', '']);
    expect(read('id: a\0b\ndata: x\n\n')).toEqual([{ event: 'message', id: '', data: 'x' }]);
    expect(read('nonsense\n: comment\nretry: 5\n\n')).toEqual([]);
    expect(read('data: without its empty line\n')).toEqual([]);
  });

  it('takes no longer for a long line because it comes in small pieces', () => {
    const parser = new EventStreamParser();
    const [piece, count] = ['x'.repeat(1_400), 2_800];
    const since = performance.now();
    parser.feed('data: ');
    for (let i = 0; i < count; i++) parser.feed(piece);
    expect(parser.feed('\n\n')[0]?.data).toHaveLength(count * piece.length);
    expect(performance.now() - since).toBeLessThan(1_500); // To join them each time takes 8 s.
  });

  it('that never ends a line or an event is given up', () => {
    const parser = new EventStreamParser();
    const chunk = 'x'.repeat(1024 * 1024);
    expect(() => { for (let i = 0; i < 6; i++) parser.feed(chunk); }).toThrow(RangeError);
    const other = new EventStreamParser();
    expect(() => { for (let i = 0; i < 6; i++) other.feed(`data: ${chunk}\n`); }).toThrow(RangeError);
  });
});
