/*
 * The order and duplicate guard of one subscription, as pure functions: state and arrival in, new state and what to hand
 * over out. Whatever the network does, outputs are in seq order, each number at most once, and a number that will not
 * come is void (settled by the log), in a gap output, or kept from this subscription on purpose.
 */
import type { Position } from './types.js';

/** How many messages wait behind a hole. What does not fit is forgotten and fetched again: the hole only grows. */
export const MAX_HELD = 1_000;

/** Gaps that are no loss: the server keeps these messages from this subscription on purpose. */
const QUIET = new Set(['excluded', 'vetoed']);

/** Gaps that are no loss either, and that the application is told of: the topic's rate leaves these messages out. */
const LEFT_OUT = new Set(['sampled', 'conflated']);

export function isLeftOut({ reason }: { readonly reason: string }): boolean {
  return LEFT_OUT.has(reason);
}

/** A message (`from` = `to` = its seq) or a gap that the server announced. */
interface Entry<M> {
  readonly from: number;
  readonly to: number;
  readonly message?: M;
  readonly reason?: string;
}

export interface OrderState<M> {
  /** Everything up to here was handed over, is void, or was reported as a gap. */
  readonly position: Position | undefined;
  /** The position in the epoch before this one, or before a lapse: a late straggler must not pass for something new. */
  readonly previous: Position | undefined;
  /** The highest seq seen in this epoch; above `position.seq` there is a hole. */
  readonly highest: number;
  /** Sorted by `from`. */
  readonly held: readonly Entry<M>[];
}

export interface GapRange {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export type Output<M> =
  | { readonly kind: 'message'; readonly message: M; readonly position: Position }
  | { readonly kind: 'gap'; readonly gap: GapRange };

export interface Step<M> {
  readonly state: OrderState<M>;
  readonly outputs: readonly Output<M>[];
}

export function startAt<M>(position: Position | undefined): OrderState<M> {
  return { position, previous: undefined, highest: position?.seq ?? 0, held: [] };
}

/** What a new connection starts with: the server replays from the position, so nothing held is needed. */
export function forgetHeld<M>(state: OrderState<M>): OrderState<M> {
  return { ...state, highest: state.position?.seq ?? 0, held: [] };
}

/** Gives up what was missed: the position is that of the next message that is new. What was delivered before is still dropped. */
export function lapse<M>(state: OrderState<M>): OrderState<M> {
  return { ...startAt<M>(undefined), previous: state.position ?? state.previous };
}

/** The range to fetch, or undefined. */
export function holeOf<M>(state: OrderState<M>): { readonly epoch: string; readonly after: number } | undefined {
  const { position, highest } = state;
  return position && highest > position.seq ? { epoch: position.epoch, after: position.seq } : undefined;
}

export function acceptMessage<M>(state: OrderState<M>, at: Position, message: M): Step<M> {
  const entry = { from: at.seq, to: at.seq, message };
  if (!state.position) return begin(state, at, [{ kind: 'message', message, position: at }]);
  if (at.epoch !== state.position.epoch) {
    const gap = { epoch: at.epoch, from: 1, to: at.seq - 1, reason: 'epoch-changed' };
    return changeEpoch(state, at, [{ kind: 'gap', gap }, { kind: 'message', message, position: at }]);
  }
  return at.seq <= state.position.seq ? { state, outputs: [] } : release(hold(state, entry), 0);
}

/** A gap that the server announced. It takes its turn: what is missing before it may still be fetched. */
export function acceptGap<M>(state: OrderState<M>, gap: GapRange): Step<M> {
  const { epoch, from, to, reason } = gap;
  const output: Output<M>[] = QUIET.has(reason) ? [] : [{ kind: 'gap', gap }];
  if (!state.position) {
    const known = state.previous?.epoch === epoch ? state.previous.seq : 0;
    return begin(state, { epoch, seq: to }, output.length > 0 ? [{ kind: 'gap', gap: { ...gap, from: Math.max(from, known + 1) } }] : []);
  }
  if (epoch !== state.position.epoch) return changeEpoch(state, { epoch, seq: to }, output);
  return to <= state.position.seq ? { state, outputs: [] } : release(hold(state, { from, to, reason }), 0);
}

/** A message that exists, and did not come whole: it is fetched as any other that is missing. */
export function acceptLoss<M>(state: OrderState<M>, at: Position): Step<M> {
  const { state: begun } = state.position ? { state } : begin(state, { epoch: at.epoch, seq: at.seq - 1 }, []);
  const known = at.epoch === begun.position?.epoch;
  return { state: known ? { ...begun, highest: Math.max(begun.highest, at.seq) } : begun, outputs: [] };
}

/** All numbers up to `through` are known: what has not come is void. */
export function settle<M>(state: OrderState<M>, through: number): Step<M> {
  return release(state, through);
}

/** Gives up what is missing up to `upTo` (by default all of the hole), but never anything that is held. */
export function skip<M>(state: OrderState<M>, reason: string, upTo = Infinity): Step<M> {
  const hole = holeOf(state);
  if (!hole) return { state, outputs: [] };
  const from = hole.after + 1;
  const to = Math.min(upTo, state.held[0] ? state.held[0].from - 1 : state.highest);
  if (to < from) return { state, outputs: [] };
  const next = release(state, to);
  return { state: next.state, outputs: [{ kind: 'gap', gap: { epoch: hole.epoch, from, to, reason } }, ...next.outputs] };
}

/** Takes an arrival without handing anything over: for while the state is being loaded anew. */
export function keep<M>(state: OrderState<M>, at: Position, message: M): OrderState<M> {
  const sameEpoch = state.position?.epoch === at.epoch;
  if (sameEpoch && at.seq <= (state.position?.seq ?? 0)) return state;
  return hold(sameEpoch ? state : startAt({ epoch: at.epoch, seq: 0 }), { from: at.seq, to: at.seq, message });
}

/** The same for a gap that the server announced. */
export function keepGap<M>(state: OrderState<M>, { epoch, from, to, reason }: GapRange): OrderState<M> {
  const sameEpoch = state.position?.epoch === epoch;
  if (sameEpoch && to <= (state.position?.seq ?? 0)) return state;
  return hold(sameEpoch ? state : startAt({ epoch, seq: 0 }), { from, to, reason });
}

/** Goes on from a position that came with a state from elsewhere. What is held behind it stays, what lies between is a hole. */
export function rebase<M>(state: OrderState<M>, position: Position): Step<M> {
  if (state.position?.epoch !== position.epoch) return { state: startAt(position), outputs: [] };
  const held = state.held.filter((entry) => entry.to > position.seq);
  const highest = Math.max(state.highest, position.seq);
  return release({ ...state, position, highest, held }, 0);
}

function hold<M>(state: OrderState<M>, entry: Entry<M>): OrderState<M> {
  const highest = Math.max(state.highest, entry.to);
  const index = state.held.findIndex((other) => other.from >= entry.from);
  if (index >= 0 && state.held[index]?.from === entry.from) return { ...state, highest };
  const at = index < 0 ? state.held.length : index;
  // What is next in line leaves at once: it must not push out another.
  const room = entry.from === (state.position?.seq ?? 0) + 1 ? MAX_HELD + 1 : MAX_HELD;
  const held = [...state.held.slice(0, at), entry, ...state.held.slice(at)].slice(0, room);
  return { ...state, highest, held };
}

/** Hands over what is next in line, counting every number up to `through` as settled. */
function release<M>(state: OrderState<M>, through: number): Step<M> {
  if (!state.position) return { state, outputs: [] };
  const { epoch } = state.position;
  let { seq } = state.position;
  let taken = 0;
  const outputs: Output<M>[] = [];
  for (const entry of state.held) {
    if (entry.from > Math.max(seq, through) + 1) break;
    taken++;
    if (entry.to <= seq) continue;
    outputs.push(...outputOf(entry, epoch, seq));
    seq = entry.to;
  }
  seq = Math.max(seq, through);
  const position = seq === state.position.seq ? state.position : { epoch, seq };
  const highest = Math.max(state.highest, seq);
  return { state: { ...state, position, highest, held: state.held.slice(taken) }, outputs };
}

function outputOf<M>(entry: Entry<M>, epoch: string, after: number): Output<M>[] {
  const { from, to, message, reason } = entry;
  if (reason === undefined) return [{ kind: 'message', message: message as M, position: { epoch, seq: to } }];
  return QUIET.has(reason) ? [] : [{ kind: 'gap', gap: { epoch, from: Math.max(from, after + 1), to, reason } }];
}

function begin<M>(state: OrderState<M>, at: Position, outputs: readonly Output<M>[]): Step<M> {
  return isStraggler(state, at) ? { state, outputs: [] } : { state: startAt(at), outputs };
}

function isStraggler<M>({ previous }: OrderState<M>, at: Position): boolean {
  return previous?.epoch === at.epoch && at.seq <= previous.seq;
}

/** The old epoch's log is gone: its held messages are all there will be, with a gap before each hole. */
function changeEpoch<M>(state: OrderState<M>, at: Position, outputs: readonly Output<M>[]): Step<M> {
  if (isStraggler(state, at)) return { state, outputs: [] };
  let old = state;
  const flushed: Output<M>[] = [];
  while (holeOf(old)) {
    const step = skip(old, 'epoch-changed');
    flushed.push(...step.outputs);
    old = step.state;
  }
  return { state: { ...startAt<M>(at), previous: old.position }, outputs: [...flushed, ...outputs] };
}
