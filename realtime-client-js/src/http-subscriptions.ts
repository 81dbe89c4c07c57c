/* What a stream over HTTP asks for: its parameters, their order, and the position of each. No I/O. */
import type { Headers } from './message.js';
import { nameOf } from './names.js';

/** At most so many in one request. */
export const MAX_SUBSCRIPTIONS = 100;
/** Of a request's parameters, characters: with the headers most servers take 8 KB. */
const MAX_CHARS = 7_000;
/** A position comes later: one that is subscribed must not become too long then. */
const POSITION_CHARS = 30;

/** One parameter of the request. Several subscriptions to the same thing share it; each guards its own order. */
export interface Asked {
  readonly parameter: 'topic' | 'destination';
  readonly value: string;
  /** By subscription id: the receipt that it waits for, until it has come. */
  readonly receipts: Map<string, string | undefined>;
  /** What lets the user subscribe. */
  token: string | undefined;
  /** `<epoch>-<seq>`, or empty while none is known. */
  position: string;
  rewind: number;
  /** An application's destination that has given its one answer: to ask again would get the same again. */
  answered: boolean;
  /** Whether a request with it was accepted, or none was made yet, or it is left out until others were. */
  standing: 'good' | 'new' | 'later';
}

/** Leads to application code (`@SubscribeMapping`), which answers each SUBSCRIBE once, and to no topic. */
const APPLICATION = /^\/(?!topic\/|queue\/|user\/)/;

export class HttpSubscriptions {
  readonly #asked = new Map<string, Asked>();

  get size(): number {
    return this.#asked.size;
  }

  /** Waiting for their answer. */
  get pending(): Asked[] {
    return [...this.#asked.values()].filter(({ receipts }) => [...receipts.values()].some((receipt) => receipt !== undefined));
  }

  /** False when there is no room for another. */
  add(id: string, destination: string, { epoch, 'last-seq': seq, rewind, receipt, 'subscription-token': token }: Headers): boolean {
    const topic = nameOf(destination);
    // A second subscription to a topic asks by its destination: then it has a position and a rewind of its own.
    const [parameter, value] = topic !== undefined && !this.#asked.has(`topic ${topic}`)
      ? (['topic', topic] as const)
      : (['destination', destination] as const);
    const key = `${parameter} ${value}`;
    const known = this.#asked.get(key);
    if (!known && (this.size >= MAX_SUBSCRIPTIONS || lengthOf([...this.#asked.keys(), key]) > MAX_CHARS)) return false;
    const position = epoch !== undefined && seq !== undefined ? `${epoch}-${seq}` : '';
    const asked = known ?? { parameter, value, receipts: new Map(), token, position, rewind: 0, answered: false, standing: 'new' };
    asked.receipts.set(id, receipt);
    asked.token = token ?? asked.token;
    asked.answered = false;
    asked.standing = 'new';
    // From the one that is furthest behind: the others drop what they have.
    if (position && (!asked.position || isBefore(position, asked.position))) asked.position = position;
    asked.rewind = Math.max(asked.rewind, Number(rewind ?? 0));
    this.#asked.set(key, asked);
    return true;
  }

  remove(id: string): boolean {
    for (const [key, asked] of this.#asked) {
      if (!asked.receipts.delete(id)) continue;
      if (asked.receipts.size === 0) this.#asked.delete(key);
      return asked.receipts.size === 0;
    }
    return false;
  }

  get doubted(): Asked[] {
    return [...this.#asked.values()].filter(({ standing }) => standing !== 'good');
  }

  /** A request with these was accepted. Those that were left out are in the next one: returns whether there are any. */
  accept(order: readonly Asked[]): boolean {
    for (const asked of order) asked.standing = 'good';
    const later = this.doubted.filter(({ standing }) => standing === 'later');
    for (const asked of later) asked.standing = 'new';
    return later.length > 0;
  }

  refuse(asked: Asked): void {
    this.#asked.delete(`${asked.parameter} ${asked.value}`);
  }

  /** The next poll, which is another SUBSCRIBE, leaves it out. */
  answered(asked: Asked): void {
    asked.answered = asked.parameter === 'destination' && APPLICATION.test(asked.value);
  }

  /** In the order of the wire: topics first. */
  order(): Asked[] {
    const all = [...this.#asked.values()].filter(({ answered, standing }) => !answered && standing !== 'later');
    return [...all.filter(({ parameter }) => parameter === 'topic'), ...all.filter(({ parameter }) => parameter === 'destination')];
  }

  of({ topic, destination }: { readonly topic?: string; readonly destination?: string }): Asked | undefined {
    return this.#asked.get(destination !== undefined ? `destination ${destination}` : `topic ${topic}`);
  }
}

function lengthOf(keys: readonly string[]): number {
  return keys.reduce((sum, key) => sum + encodeURIComponent(key).length + POSITION_CHARS, 0);
}

export function parametersOf(order: readonly Asked[]): URLSearchParams {
  const parameters = new URLSearchParams(order.map(({ parameter, value }) => [parameter, value]));
  if (order.some(({ position }) => position)) parameters.set('position', order.map(({ position }) => position).join(','));
  for (const { token } of order) if (token !== undefined) parameters.append('subscription-token', token);
  // One for all that have no position; who did not ask for one drops what is older than where live starts.
  const rewind = Math.max(0, ...order.map((asked) => (asked.position ? 0 : asked.rewind)));
  if (rewind > 0) parameters.set('rewind', String(rewind));
  return parameters;
}

/** Takes over the compact position that the server tells with an event. */
export function moveTo(order: readonly Asked[], compact: string): void {
  const pieces = compact.split(',');
  if (pieces.length !== order.length) return;
  order.forEach((asked, i) => (asked.position = pieces[i] || asked.position));
}

function isBefore(position: string, other: string): boolean {
  const [[epoch, seq], [otherEpoch, otherSeq]] = [position.split('-'), other.split('-')];
  return epoch === otherEpoch && Number(seq) < Number(otherSeq);
}
