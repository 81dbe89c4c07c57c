/* Wildcard subscriptions of the tiny realtime server, as docs/protocol.md has them. */
import type { Frame, ServerConnection, StompServer } from './stomp-server.js';

/** `*` stands for one segment, a final `**` for one or more. */
export function matcher(pattern: string): RegExp {
  const separator = pattern.includes('/') ? '/' : '.';
  const parts = pattern.split(separator).map((part) => {
    if (part === '**') return '.+';
    return part === '*' ? `[^${separator}]+` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join(separator === '.' ? '\\.' : separator)}$`, 's');
}

export class StompPatterns {
  /** How many characters one header may have, name and value. */
  maxHeader = 4_096;
  /** How many topics a subscription may follow. */
  maxTopics = 1_000;

  constructor(private readonly server: StompServer) {}

  /** The subscriptions of the connection by patterns that match. */
  matching(connection: ServerConnection, topic: string): string[] {
    return [...connection.patterns].filter(([, pattern]) => pattern.test(topic)).map(([id]) => id);
  }

  subscribe({ headers }: Frame, connection: ServerConnection): void {
    const { id = '', destination = '', receipt = '', positions = '' } = headers;
    const refuse = (reason: string): void => connection.event('denied', { reason, message: 'A sentence', 'receipt-id': receipt, 'subscription-id': id });
    if ('positions'.length + positions.length > this.maxHeader) return refuse('header-too-large');
    const named = positions ? positions.split(',').map(position) : [];
    if (named.length > this.maxTopics || headers['rewind'] !== undefined) return refuse('bad-subscribe');
    const pattern = destination.replace(/^\/topic\//, '');
    connection.patterns.set(id, matcher(pattern));
    const recovery = named.length > 0 ? { resumed: named.length, recovered: 'false', reason: 'pattern' } : {};
    connection.write({ command: 'RECEIPT', headers: { 'receipt-id': receipt, pattern, ...recovery } });
    for (const { topic, epoch, seq } of named) this.#resume(connection, id, topic, epoch, seq);
  }

  #resume(connection: ServerConnection, id: string, topic: string, epoch: string, seq: number): void {
    const log = this.server.log(topic);
    if (log.epoch === epoch) return connection.write(...log.after(seq).map((stored) => this.server.message(topic, stored.seq, id)));
    connection.event('gap', { 'subscription-id': id, topic, epoch: log.epoch, from: 1, to: log.latest, reason: 'epoch-changed' });
  }
}

function position(piece: string): { topic: string; epoch: string; seq: number } {
  const equals = piece.lastIndexOf('=');
  const [epoch = '', seq] = piece.slice(equals + 1).split('-');
  const topic = decodeURIComponent(piece.slice(0, equals).trim()).replace(/^\/topic\//, '');
  return { topic, epoch, seq: Number(seq) };
}
