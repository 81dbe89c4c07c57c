import { afterEach, describe, expect, it, vi } from 'vitest';
import { lossOf } from '../src/backfill.js';
import { fullJitter } from '../src/backoff.js';
import { reconnectDelay, soonDelay } from '../src/close-codes.js';
import { RealtimeHttpError } from '../src/errors.js';
import { escapeHeader, unescapeHeader } from '../src/header-escapes.js';
import { Liveness } from '../src/liveness.js';
import { httpBaseOf } from '../src/options.js';
import { messageOfFrame } from '../src/message.js';
import * as guard from '../src/order-guard.js';
import { decideRecovery } from '../src/recovery.js';

const highest = { baseMs: 1_000, capMs: 30_000, random: () => 1 };

describe('a message of a frame', () => {
  it('tells which span has published it, if the service does', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(messageOfFrame({ epoch: 'e1', seq: '1', traceparent }, 'text', 'room.42').traceparent).toBe(traceparent);
    expect(messageOfFrame({ epoch: 'e1', seq: '1' }, 'text', 'room.42')).not.toHaveProperty('traceparent');
  });
});

describe('reconnecting', () => {
  it('doubles the bound up to the cap', () => {
    expect([0, 1, 2, 4, 5, 99].map((attempt) => fullJitter(attempt, highest))).toEqual([1e3, 2e3, 4e3, 16e3, 3e4, 3e4]);
    expect(fullJitter(3, { ...highest, random: () => 0 })).toBe(0);
  });

  it.each([
    ['normal', { code: 1000, attempt: 0, wasLive: true }, 1_000],
    ['unknown', { code: 1006, attempt: 2, wasLive: false }, 4_000],
    ['overloaded starts at twice the base', { code: 1013, attempt: 0, wasLive: true }, 2_000],
    ['restart of the node we were live on', { code: 1012, attempt: 3, wasLive: true }, 1_000],
    ['restart, turned away again', { code: 1012, attempt: 3, wasLive: false }, 8_000],
    ['restart with an announced delay', { code: 1012, attempt: 3, wasLive: true, announcedMs: 123 }, 123],
    ['policy', { code: 1008, attempt: 0, wasLive: true }, undefined],
    ['policy beats an announced delay', { code: 4500, attempt: 0, wasLive: true, announcedMs: 1 }, undefined],
    ['retryable of ours', { code: 4499, attempt: 0, wasLive: true }, 1_000],
  ])('%s', (_name, lost, delay) => {
    expect(reconnectDelay(lost, highest)).toBe(delay);
  });

  it('comes at once when the network is back, though the clock was set back', () => {
    expect(soonDelay(-3_600_000, highest)).toBeLessThan(2_000);
    expect(soonDelay(400, highest)).toBe(800);
  });

  it('derives the HTTP base from the WebSocket address', () => {
    expect(httpBaseOf('wss://h:1/app/realtime/?x=1')).toBe('https://h:1/app/realtime');
  });
});

describe('a socket that says nothing', () => {
  afterEach(() => vi.useRealTimers());

  /** With the default of 4 s: what was asked, and when it was given up, while something comes as often as told. */
  function watchFor(seconds: number, { everyMs = Infinity, answers = false } = {}) {
    vi.useFakeTimers();
    const began = Date.now();
    const seen = { asked: 0, deadAfterMs: Infinity };
    const liveness = new Liveness(4_000, {
      ask: () => {
        seen.asked++;
        if (answers) setTimeout(() => liveness.heard(), 100);
      },
      dead: () => {
        seen.deadAfterMs = Math.min(seen.deadAfterMs, Date.now() - began);
        liveness.stop();
      },
    });
    liveness.start();
    if (everyMs < Infinity) setInterval(() => liveness.heard(), everyMs);
    vi.advanceTimersByTime(seconds * 1_000);
    liveness.stop();
    return seen;
  }

  it('is noticed within 10 s', () => {
    const { asked, deadAfterMs } = watchFor(60);
    expect(asked).toBe(1);
    expect(deadAfterMs).toBeLessThan(10_000);
  });

  it('is not taken for dead when the whole page paused and the answer waits in the socket', () => {
    vi.useFakeTimers();
    const dead = vi.fn();
    const liveness = new Liveness(4_000, { ask: () => undefined, dead });
    liveness.probe(1_500);
    vi.setSystemTime(Date.now() + 3_000); // busy: the timer is late
    vi.advanceTimersByTime(1_500);
    expect(dead).not.toHaveBeenCalled();
    liveness.heard();
    vi.advanceTimersByTime(10_000);
    expect(dead).not.toHaveBeenCalled();
  });

  it('is not asked while heartbeats come as often as they are wanted', () => {
    expect(watchFor(60, { everyMs: 4_000 })).toEqual({ asked: 0, deadAfterMs: Infinity });
  });

  it('is asked, and lives, while the server sends them less often', () => {
    const { asked, deadAfterMs } = watchFor(60, { everyMs: 10_000, answers: true });
    expect(asked).toBeLessThanOrEqual(8);
    expect(deadAfterMs).toBe(Infinity);
  });
});

describe('a header', () => {
  it.each(['CORP\\nina', 'a:b', 'C:\\temp\\', '\r\n', '\\\\c', 'plain'])('comes back as it was: %j', (text) => {
    expect(escapeHeader(text)).not.toMatch(/[\r\n:]/);
    expect(unescapeHeader(escapeHeader(text))).toBe(text);
  });
});

describe('the recovery decision', () => {
  const asked = { epoch: 'e1', seq: 5 };

  it('keeps the position while a replay is coming, and takes the live one when there is none', () => {
    const receipt = { epoch: 'e1', seq: '9', recovered: 'true' };
    expect(decideRecovery(asked, false, { ...receipt, replayed: '2' }).position).toEqual(asked);
    expect(decideRecovery(asked, false, { ...receipt, replayed: '0' }).position).toEqual({ epoch: 'e1', seq: 9 });
  });

  it('never believes in recovery into another epoch', () => {
    const receipt = { epoch: 'e2', seq: '9', recovered: 'true', replayed: '4' };
    expect(decideRecovery(asked, false, receipt).recovery).toMatchObject({ recovered: false, reason: 'epoch-changed' });
  });

  it('says so when the server does not know recovery', () => {
    expect(decideRecovery(asked, false, {})).toEqual({
      position: undefined, recovery: { recovered: false, replayed: 0, reason: 'unsupported' },
    });
  });
});

describe('what a failed backfill means', () => {
  const hole = { epoch: 'e1', after: 5 };
  it.each([
    [500, {}, undefined],
    [429, {}, undefined],
    [404, {}, { reason: 'unavailable', report: true }],
    [410, { reason: 'expired', first: 9 }, { reason: 'expired', upTo: 8, report: false }],
    [410, { reason: 'expired', first: 6 }, { reason: 'expired', report: false }],
    [410, {}, { reason: 'expired', report: false }],
  ])('%i %j', (status, problem, loss) => {
    expect(lossOf(new RealtimeHttpError(status, problem, status === 500 || status === 429 ? 'retry' : 'final'), hole, 1)).toEqual(loss);
  });

  it('a refusal by something else counts when it is repeated', () => {
    for (const error of [new RealtimeHttpError(410, {}, 'retry'), new RealtimeHttpError(401, {}, 'unauthorized')]) {
      expect(lossOf(error, hole, 5)).toBeUndefined();
      expect(lossOf(error, hole, 6)).toEqual({ reason: 'unavailable', report: true });
    }
  });
});

describe('the order guard', () => {
  /** Runs arrivals through the guard and returns what came out: numbers for messages, text for gaps. */
  function run(...steps: ((state: guard.OrderState<number>) => guard.Step<number>)[]) {
    let state = guard.startAt<number>({ epoch: 'e1', seq: 0 });
    const out: (number | string)[] = [];
    for (const step of steps) {
      const { state: next, outputs } = step(state);
      state = next;
      for (const o of outputs) out.push(o.kind === 'message' ? o.message : `${o.gap.epoch}:${o.gap.from}-${o.gap.to} ${o.gap.reason}`);
    }
    return { state, out };
  }
  const message = (seq: number, epoch = 'e1') => (s: guard.OrderState<number>) => guard.acceptMessage(s, { epoch, seq }, seq);
  const gap = (from: number, to: number, reason = 'overflow', epoch = 'e1') => (s: guard.OrderState<number>) =>
    guard.acceptGap(s, { epoch, from, to, reason });

  it('delivers any shuffle with duplicates in order, each once', () => {
    let random = 42;
    const next = (bound: number) => (random = (random * 48271) % 2147483647) % bound;
    for (let round = 0; round < 200; round++) {
      const arrivals = Array.from({ length: 40 }, (_, i) => (i % 20) + 1);
      for (let i = arrivals.length - 1; i > 0; i--) {
        const j = next(i + 1);
        [arrivals[i], arrivals[j]] = [arrivals[j]!, arrivals[i]!];
      }
      expect(run(...arrivals.map((seq) => message(seq))).out).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    }
  });

  it('clips an announced gap to what was not handed over yet', () => {
    expect(run(message(1), message(2), gap(1, 4), message(3), message(5)).out).toEqual([1, 2, 'e1:3-4 overflow', 5]);
  });

  it('flushes what it holds, with its holes, before a new epoch', () => {
    const { out, state } = run(message(1), message(3), message(6), message(2, 'e2'));
    expect(out).toEqual([1, 'e1:2-2 epoch-changed', 3, 'e1:4-5 epoch-changed', 6, 'e2:1-1 epoch-changed', 2]);
    expect(state.position).toEqual({ epoch: 'e2', seq: 2 });
    expect(guard.holeOf(state)).toBeUndefined();
  });

  it('drops a straggler of the epoch before', () => {
    expect(run(message(1), message(1, 'e2'), message(1), message(2, 'e2')).out).toEqual([1, 'e2:1-0 epoch-changed', 1, 2]);
  });

  it('takes the new position from a gap that changes the epoch', () => {
    expect(run(message(1), gap(1, 7, 'epoch-changed', 'e2'), message(8, 'e2')).out).toEqual([1, 'e2:1-7 epoch-changed', 8]);
  });

  it('goes on after a lapse with whatever is new, and takes nothing twice', () => {
    const lapse = (s: guard.OrderState<number>) => ({ state: guard.lapse(s), outputs: [] });
    const { out, state } = run(message(1), message(2), lapse, message(1), message(2), message(9), message(8), message(10));
    expect(out).toEqual([1, 2, 9, 10]);
    expect(guard.holeOf(state)).toBeUndefined();
    expect(run(message(1), lapse, lapse, message(1), message(5)).out).toEqual([1, 5]);
    expect(run(message(1), lapse, message(3, 'e2'), message(1)).out).toEqual([1, 3, 'e1:1-0 epoch-changed', 1]);
    expect(run(message(1), message(2), lapse, gap(1, 2), gap(1, 5), message(6)).out).toEqual([1, 2, 'e1:3-5 overflow', 6]);
    expect(run(message(1), lapse, gap(3, 4, 'excluded'), message(5)).out).toEqual([1, 5]);
  });

  it('misses a message that came in part, also where it is the first', () => {
    const { state } = run(() => ({ state: guard.startAt(undefined), outputs: [] }), (s) => guard.acceptLoss(s, { epoch: 'e1', seq: 7 }), message(8));
    expect(guard.holeOf(state)).toEqual({ epoch: 'e1', after: 6 });
  });

  it('never skips what it holds', () => {
    const { out } = run(message(3), (s) => guard.skip(s, 'expired', 10), message(4));
    expect(out).toEqual(['e1:1-2 expired', 3, 4]);
  });

  it('holds a bounded number, and remembers that there was more', () => {
    const many = Array.from({ length: guard.MAX_HELD + 5 }, (_, i) => message(i + 2));
    const { state } = run(...many);
    expect(state.held).toHaveLength(guard.MAX_HELD);
    const { state: after } = guard.acceptMessage(state, { epoch: 'e1', seq: 1 }, 1);
    expect(guard.holeOf(after)).toEqual({ epoch: 'e1', after: guard.MAX_HELD + 1 });
  });
});
