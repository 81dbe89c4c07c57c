import { byId } from './dom.js';
import { sendingView } from './message-view.js';

/** How often, and after how many ms, a message is sent again that the server could not take just now. */
const REFUSALS = 15;
const PAUSE = 1_000;

/**
 * My messages until they come back with their numbers. The client queues them while there is no connection, keeps their
 * order, and sends them again under the same id when it is not sure; here is only shown what it says.
 */
export class Outgoing {
  #me;
  #topic;
  #waiting = new Map();

  constructor(client, me) {
    this.#me = me;
    client.onSend((sending) => this.#changed(sending));
  }

  /** Those of one topic are on the page; those of others are on their way all the same. */
  show(topic) {
    this.#topic = topic;
    const here = [...this.#waiting.values()].filter(({ sending }) => sending.topic === topic);
    byId('outbox').replaceChildren(...here.map(({ view }) => view.item));
  }

  /** The server did not take it. While a database or a Redis changes hands, waiting a little is all that is needed. */
  refused({ id, why, retry }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (retry && waiting.refusals++ < REFUSALS) {
      setTimeout(() => {
        waiting.sending.fail(why);
        waiting.sending.retry();
      }, PAUSE);
    } else {
      waiting.retry = retry;
      waiting.sending.fail(why);
    }
  }

  #changed(sending) {
    const { id, state } = sending;
    if (state === 'sent') return this.#remove(id);
    const waiting = this.#waiting.get(id) ?? this.#add(sending);
    if (state === 'sending') waiting.view.sending();
    else waiting.view.failed(sentence(sending.error), waiting.retry);
  }

  #add(sending) {
    const view = sendingView(this.#me, sending.payload.text, {
      onRetry: () => sending.retry(),
      onDiscard: () => this.#remove(sending.id),
    });
    const waiting = { sending, view, refusals: 0, retry: true };
    this.#waiting.set(sending.id, waiting);
    if (sending.topic === this.#topic) byId('outbox').append(view.item);
    return waiting;
  }

  #remove(id) {
    this.#waiting.get(id)?.view.item.remove();
    this.#waiting.delete(id);
  }
}

function sentence(error) {
  return error?.kind === 'timeout' ? 'No answer from the server' : error?.message ?? 'It could not be sent';
}
