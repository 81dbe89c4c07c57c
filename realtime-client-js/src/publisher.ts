import { RealtimeError } from './errors.js';
import { positionOf } from './message.js';
import type { Receipts } from './receipts.js';
import { sendFrame, type SendFrame, type SendNow } from './send-frame.js';
import type { Position, PublishOptions } from './types.js';

/** How many publishes wait for a connection at most. */
const MAX_WAITING = 1_000;

/** SENDs with receipts. A frame is sent at most once: what happened to one that broke off, only the caller can judge. */
export class Publisher {
  #waiting: { readonly receipt: string; readonly frame: SendFrame }[] = [];

  constructor(
    private readonly receipts: Receipts,
    private readonly connected: () => SendNow | undefined,
  ) {}

  publish(destination: string, payload: unknown, options: PublishOptions): Promise<Position | undefined> {
    return new Promise((resolve, reject) => {
      const frame = sendFrame(destination, payload, options);
      const receipt = this.receipts.expect({
        received: (headers) => resolve(positionOf(headers)),
        failed: (error) => {
          this.#waiting = this.#waiting.filter((waiting) => waiting.receipt !== receipt);
          reject(error);
        },
      });
      frame.headers['receipt'] = receipt;
      if (this.#waiting.length >= MAX_WAITING) {
        return this.receipts.refuse(receipt, new RealtimeError('disconnected', `${MAX_WAITING} messages are already waiting to be published`));
      }
      this.#waiting.push({ receipt, frame });
      // What waits already goes first.
      if (this.connected()) this.flush();
      return undefined;
    });
  }

  /** A connection is up: send what waited and has not timed out. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const send = this.connected();
    for (const { receipt, frame } of waiting) {
      if (this.receipts.sending(receipt)) send?.(frame);
    }
  }
}
