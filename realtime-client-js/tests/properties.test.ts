/*
 * What must hold for any input, with inputs from fast-check. The seed is fixed, so that a build depends on the code alone; a
 * failure prints the smallest input that was found, and the seed and path that make it again.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RealtimeError } from '../src/errors.js';
import { escapeHeader, unescapeHeader } from '../src/header-escapes.js';
import * as guard from '../src/order-guard.js';
import { Positions } from '../src/positions.js';
import { StompDecoder } from '../src/stomp-decoder.js';
import { encodeFrame, utf8, type StompFrame } from '../src/stomp-frame.js';
import type { Position } from '../src/types.js';

fc.configureGlobal({ seed: 17, numRuns: 500 });

/** Characters that mean something in a header, and any others. Not NUL, which options refuse. */
const text = fc
  .array(fc.oneof(fc.constantFrom('\\', '\n', '\r', ':', 'n', 'r', 'c', '\uFEFF', '\uFFFD', '\u{1F600}'), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join('').replaceAll('\0', ''));

/** Where to cut bytes into pieces, in thousandths of all. */
const cuts = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 6 });

function pieces(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const ends = [...at.map((each) => Math.floor((each * bytes.length) / 1_000)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
}

/** The frames, and whether the decoder refused what came behind them. It throws nothing but its own error. */
function decode(parts: readonly Uint8Array[], maxBytes?: number): { frames: StompFrame[]; refused: boolean } {
  const decoder = new StompDecoder(maxBytes);
  const frames: StompFrame[] = [];
  try {
    for (const part of parts) for (const frame of decoder.decode(part)) frames.push(frame);
    return { frames, refused: false };
  } catch (error) {
    expect(error).toBeInstanceOf(RealtimeError);
    return { frames, refused: true };
  }
}

describe('any header', () => {
  it('is read back as it was written, and ends no line', () => {
    fc.assert(fc.property(text, (header) => {
      expect(escapeHeader(header)).not.toMatch(/[\r\n:\0]/);
      expect(unescapeHeader(escapeHeader(header))).toBe(header);
    }));
  });

  it('has escapes that are known, or is refused', () => {
    fc.assert(fc.property(text, (raw) => {
      const known = /^([^\\]|\\[\\rnc])*$/.test(raw);
      if (known) expect(unescapeHeader(raw).length).toBeLessThanOrEqual(raw.length);
      else expect(() => unescapeHeader(raw)).toThrow(RealtimeError);
    }));
  });
});

describe('any frame', () => {
  const headers = fc.dictionary(text.filter((name) => name !== '' && name !== 'content-length'), text, { maxKeys: 5, noNullPrototype: true });

  it('is read back as it was written, however it is cut into pieces', () => {
    fc.assert(fc.property(headers, fc.string({ unit: 'binary' }), cuts, (sent, body, at) => {
      const frame = encodeFrame('MESSAGE', sent, body) as string;
      const { frames, refused } = decode(pieces(utf8(`${frame}\n${frame}`), at));
      expect(refused).toBe(false);
      expect(frames).toHaveLength(2);
      for (const { headers: { 'content-length': _, ...rest }, body: received } of frames) {
        expect(Object.entries(rest).sort()).toEqual(Object.entries(sent).sort());
        // A byte order mark at the beginning of a text is not part of it.
        expect(received).toBe(body.replace(/^\uFEFF/, ''));
      }
    }));
  });

  it('is found in any bytes, the same however they are cut into pieces', () => {
    const word = fc.constantFrom('MESSAGE\n', 'RECEIPT\n', 'ERROR\r\n', 'CONNECTED\n', 'a:b\n', 'a:\\c\\x\n', 'content-length:', '2\n', '\n', '\r\n', '\n\n\0', '\0', ':', 'x', 'MESSAGE\na:b\n\nbody\0',
      'MESSAGE\r\ncontent-length:3\r\n\r\na\0b\0', `ERROR\n\n${'x'.repeat(30)}\0`).map(utf8);
    const bytes = fc.array(fc.oneof({ weight: 5, arbitrary: word }, fc.uint8Array({ maxLength: 4 })), { maxLength: 20 })
      .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
    fc.assert(fc.property(bytes, fc.integer({ min: 8, max: 60 }), cuts, (all, maxBytes, at) => {
      expect(decode(pieces(all, at), maxBytes)).toEqual(decode([all], maxBytes));
    }), { numRuns: 3_000 });
  });
});

describe('the positions', () => {
  const position = fc.record({ epoch: fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), seq: fc.maxSafeNat() });

  it('that were saved are there again, the latest of each destination', () => {
    fc.assert(fc.property(fc.array(fc.tuple(text, position), { maxLength: 20 }), (moves) => {
      let saved = '{}';
      const store = { load: () => JSON.parse(saved) as Record<string, Position>, save: (all: Record<string, Position>) => void (saved = JSON.stringify(all)) };
      for (const move of moves) {
        const positions = new Positions(store, () => [move]);
        positions.moved();
        positions.save();
      }
      const again = new Positions(store, () => []);
      for (const [destination, expected] of new Map(moves)) expect(again.get(destination)).toEqual(expected);
    }));
  });

  it('are positions, whatever the store has', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue()), (load) => {
      const positions = new Positions({ load: () => load as unknown as Record<string, Position>, save: () => undefined }, () => []);
      for (const destination of ['a', 'b']) {
        const found = positions.get(destination);
        if (found) expect([typeof found.epoch, Number.isSafeInteger(found.seq) && found.seq >= 0]).toEqual(['string', true]);
      }
    }));
  });
});

describe('the order guard', () => {
  type State = guard.OrderState<number>;
  const HEAD = 20;

  type Arrival =
    | { readonly kind: 'message' | 'loss'; readonly seq: number }
    | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly reason: string }
    | { readonly kind: 'backfill' }
    | { readonly kind: 'reconnect' };

  const seq = fc.integer({ min: 1, max: HEAD });
  const message = fc.record({ kind: fc.constant('message' as const), seq });
  const gap = fc.record({ kind: fc.constant('gap' as const), from: seq, length: fc.nat(4), reason: fc.constantFrom('overflow', 'excluded', 'vetoed', 'sampled') })
    .map(({ from, length, ...rest }) => ({ ...rest, from, to: Math.min(HEAD, from + length) }));
  const arrival: fc.Arbitrary<Arrival> = fc.oneof(
    { weight: 6, arbitrary: message },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('loss' as const), seq }) },
    { weight: 2, arbitrary: gap },
    { weight: 2, arbitrary: fc.constantFrom({ kind: 'backfill' as const }, { kind: 'reconnect' as const }) },
  );

  /** What is not stored: numbers that are void, and below `first` what the log has lost. */
  interface Log {
    readonly voids: ReadonlySet<number>;
    readonly first: number;
  }
  const log: fc.Arbitrary<Log> = fc.record({ voids: fc.uniqueArray(seq).map((all) => new Set(all)), first: fc.integer({ min: 1, max: HEAD }) });

  /** Answers with one page of the log behind the hole, as a backfill does. */
  function backfill(state: State, { voids, first }: Log, outputs: guard.Output<number>[]): State {
    const hole = guard.holeOf(state);
    if (!hole) return state;
    const take = ({ state: next, outputs: more }: guard.Step<number>) => {
      outputs.push(...more);
      return next;
    };
    if (hole.after + 1 < first) return take(guard.skip(state, 'expired', first - 1));
    const found = Array.from({ length: HEAD - hole.after }, (_, i) => hole.after + 1 + i).filter((each) => !voids.has(each));
    const page = found.slice(0, 3);
    let next = state;
    for (const each of page) next = take(guard.acceptMessage(next, { epoch: hole.epoch, seq: each }, each));
    return take(guard.settle(next, page.length < found.length ? page.at(-1)! : HEAD));
  }

  it('hands over everything in order, once, or says what is missing', () => {
    fc.assert(fc.property(log, fc.array(arrival, { maxLength: 60 }), (kept, arrivals) => {
      let state: State = guard.startAt({ epoch: 'e1', seq: 0 });
      const outputs: guard.Output<number>[] = [];
      /** What need not come: the numbers that are void, and what the server keeps from this subscription. */
      const silent = new Set(kept.voids);
      const announced = new Set<number>();
      const each = (from: number, to: number, does: (n: number) => void) => { for (let n = from; n <= to; n++) does(n); };
      for (const event of arrivals) {
        if (event.kind === 'backfill') state = backfill(state, kept, outputs);
        else if (event.kind === 'reconnect') state = guard.forgetHeld(state);
        else if (event.kind === 'gap') {
          each(event.from, event.to, (n) => (['excluded', 'vetoed'].includes(event.reason) ? silent : announced).add(n));
          const step = guard.acceptGap(state, { ...event, epoch: 'e1' });
          outputs.push(...step.outputs);
          state = step.state;
        } else if (!kept.voids.has(event.seq)) {
          const at = { epoch: 'e1', seq: event.seq };
          const step = event.kind === 'message' ? guard.acceptMessage(state, at, event.seq) : guard.acceptLoss(state, at);
          outputs.push(...step.outputs);
          state = step.state;
        }
      }
      state = guard.acceptLoss(state, { epoch: 'e1', seq: HEAD }).state;
      for (let i = 0; i < 2 * HEAD && guard.holeOf(state); i++) state = backfill(state, kept, outputs);
      expect(state.position).toEqual({ epoch: 'e1', seq: HEAD });
      expect(state.held).toEqual([]);

      let position = 0;
      for (const output of outputs) {
        const [from, to] = output.kind === 'message' ? [output.message, output.position.seq] : [output.gap.from, output.gap.to];
        expect(from).toBeGreaterThan(position);
        expect(to).toBeGreaterThanOrEqual(from);
        each(position + 1, from - 1, (n) => silent.has(n) || expect.fail(`${n} is missing`));
        if (output.kind === 'gap') each(from, to, (n) => announced.has(n) || n < kept.first || expect.fail(`${n} is in a gap`));
        position = to;
      }
      each(position + 1, HEAD, (n) => silent.has(n) || expect.fail(`${n} is missing`));
    }), { numRuns: 1_000 });
  });

  it('never goes back, also where a new epoch begins or a position is given up', () => {
    const step = fc.oneof(
      fc.record({ epoch: fc.constantFrom('e1', 'e2'), event: fc.oneof(message, gap) }),
      fc.record({ epoch: fc.constant('e1'), event: fc.constantFrom('skip' as const, 'reconnect' as const, 'lapse' as const) }),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let state: State = guard.startAt({ epoch: 'e1', seq: 0 });
      let last: Position | undefined;
      let endOfFirst = Infinity;
      for (const { epoch, event } of steps) {
        // A position that is given up is remembered for its own epoch only.
        if (event === 'lapse' && steps.some((other) => other.epoch === 'e2')) continue;
        // The server brings nothing new of an epoch that is over.
        if (epoch === 'e1' && typeof event === 'object' && ('seq' in event ? event.seq : event.to) > endOfFirst) continue;
        if (epoch === 'e2') endOfFirst = Math.min(endOfFirst, state.highest);
        const { state: next, outputs } = event === 'lapse' ? { state: guard.lapse(state), outputs: [] }
          : event === 'reconnect' ? { state: guard.forgetHeld(state), outputs: [] }
          : event === 'skip' ? guard.skip(state, 'unavailable')
          : event.kind === 'message' ? guard.acceptMessage(state, { epoch, seq: event.seq }, event.seq)
          : guard.acceptGap(state, { ...event, epoch });
        for (const output of outputs) {
          const [inEpoch, from, to] = output.kind === 'message' ? [output.position.epoch, output.message, output.position.seq]
            : [output.gap.epoch, output.gap.from, output.gap.to];
          if (inEpoch === last?.epoch) expect(from).toBeGreaterThan(last.seq);
          else expect(last?.epoch).not.toBe('e2');
          last = { epoch: inEpoch, seq: to };
        }
        state = next;
        state.held.forEach((entry, i) => {
          if (entry.from <= (state.held[i - 1]?.from ?? state.position?.seq ?? 0)) expect.fail('what waits is not in order');
        });
      }
    }), { numRuns: 2_000 });
  });
});
