import type { RealtimeError } from './errors.js';
import type { Headers, WireMessage } from './message.js';
import type { SendFrame } from './send-frame.js';
import type { TransportName } from './types.js';

/** One connection, from the first byte to the end, whatever carries it. When to open the next is not its concern. */
export interface Session {
  readonly transport: TransportName;
  /** The server has answered over this transport: the network lets it pass. */
  readonly proven: boolean;
  /** The size of the largest body that was sent, where the server closes when one is too large. */
  readonly largest?: number;
  subscribe(id: string, destination: string, headers: Headers): void;
  unsubscribe(id: string): void;
  send(frame: SendFrame): void;
  /** Ends politely, so that what was sent before is still answered. */
  leave(): void;
  /** Ends at once. */
  cut(cause?: string): void;
  /** Asks for a sign of life, and cuts the connection when none comes soon. */
  probe(networkChanged: boolean): void;
}

export interface SessionListener {
  connected(): void;
  /** The body's text, or the message as an HTTP page has it. */
  message(subscriptionId: string, headers: Headers, body: string | WireMessage): void;
  control(headers: Headers, body: string): void;
  /** A message whose body has come in part, and whose rest will not come. */
  cutOff(subscriptionId: string, headers: Headers): void;
  receipt(id: string, headers: Headers): void;
  /** A frame that was refused, or that broke off. */
  error(error: RealtimeError, receiptId: string | undefined): void;
  /** Called once, last. With `retryAfterMs` the server said when to come back. */
  ended(code: number, reason: string, retryAfterMs?: number): void;
}
