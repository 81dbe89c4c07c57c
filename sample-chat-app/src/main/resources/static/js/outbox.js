import { byId } from './dom.js';
import { sendingView } from './message-view.js';

const TRIES = 5;
/** How often, and after how many ms, a message is sent again that the server could not take just now. */
const REFUSALS = 15;
const PAUSE = 1_000;

/**
 * My own messages until their echo comes back, numbered. Each has an id of ours: the server takes the same id only
 * once, so sending again after a lost connection can never make a double.
 */
export class Outbox {
  #me;
  #send;
  #waiting = new Map();

  constructor(me, send) {
    this.#me = me;
    this.#send = send;
  }

  say(text) {
    const id = newId();
    const view = sendingView(this.#me, text, { onRetry: () => this.#again(id), onDiscard: () => this.#remove(id) });
    this.#waiting.set(id, { text, view, refusals: 0 });
    byId('outbox').append(view.item);
    void this.#try(id);
  }

  /** The echo is there; says whether it was one of ours. */
  confirmed(id) {
    return this.#remove(id);
  }

  /** While a database or a Redis changes hands, waiting a little is all that is needed. */
  failed(id, why, retry) {
    const message = this.#waiting.get(id);
    if (!message) return;
    if (retry && message.refusals++ < REFUSALS) setTimeout(() => this.#try(id), PAUSE);
    else message.view.failed(why, retry);
  }

  clear() {
    this.#waiting.clear();
    byId('outbox').replaceChildren();
  }

  #remove(id) {
    this.#waiting.get(id)?.view.item.remove();
    return this.#waiting.delete(id);
  }

  #again(id) {
    this.#waiting.get(id).refusals = 0;
    void this.#try(id);
  }

  async #try(id, triesLeft = TRIES) {
    const message = this.#waiting.get(id);
    if (!message) return;
    message.view.sending();
    try {
      await this.#send(message.text, id);
    } catch (error) {
      // Whether it arrived nobody knows. The client sends it when the connection is back; the id does the rest.
      if (error.kind === 'disconnected' && triesLeft > 0) await this.#try(id, triesLeft - 1);
      else this.failed(id, error.kind === 'timeout' ? 'No answer from the server' : error.message, true);
    }
  }
}

/** `crypto.randomUUID` exists on secure origins only, and a phone in the same Wi-Fi is none. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
