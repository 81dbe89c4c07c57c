import { byId } from './dom.js';
import { dividerView, messageView } from './message-view.js';

/** Older ones leave the page; they can be read again. */
const MOST = 500;

/** The messages of a room in the order of their numbers, and what is to be said between them. */
export class Timeline {
  #me;
  #list = byId('messages');
  #scroller = byId('scroller');
  #earlier = byId('earlier');
  #newest = byId('newest');
  #epoch;
  #items = new Map();
  #divider;

  constructor(me, { end, onEarlier }) {
    this.#me = me;
    this.#earlier.addEventListener('click', () => this.#readEarlier(onEarlier), { signal: end });
    this.#newest.addEventListener('click', () => this.showNewest(), { signal: end });
    this.#scroller.addEventListener('scroll', () => (this.#newest.hidden ||= this.#atEnd), { signal: end });
    this.clear();
  }

  /** While it is, screen readers do not read each message of a replay aloud. */
  set busy(busy) {
    this.#list.setAttribute('aria-busy', String(busy));
    byId('empty').hidden = busy || this.#items.size > 0;
  }

  /** Shows a message at its place, once. */
  add(message, { follow = false } = {}) {
    const { epoch, seq } = message.position;
    if (epoch !== this.#epoch) {
      if (this.#epoch) this.#startAnew();
      this.#epoch = epoch;
    }
    if (this.#items.has(seq)) return;
    const item = messageView(message, this.#me);
    const wasAtEnd = this.#atEnd;
    this.#list.insertBefore(item, this.#firstAfter(seq));
    this.#items.set(seq, item);
    byId('empty').hidden = true;
    if (follow || wasAtEnd) {
      this.#trim();
      this.showNewest();
    } else if (item === this.#list.lastElementChild) {
      this.#newest.hidden = false;
    }
    this.#earlier.hidden = this.#first <= 1;
  }

  note(text) {
    this.#divide(dividerView(text, 'note'));
  }

  /** Stands before the first message that was missed, and counts on. */
  missed(missed) {
    if (missed.count === 1) this.#divide((this.#divider = dividerView(String(missed), 'missed')));
    else this.#divider.firstElementChild.textContent = String(missed);
  }

  /** There is nothing earlier. */
  complete() {
    this.#earlier.hidden = true;
  }

  showNewest() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newest.hidden = true;
  }

  clear() {
    this.#list.replaceChildren();
    this.#items.clear();
    this.#epoch = undefined;
    this.#earlier.hidden = true;
    this.#newest.hidden = true;
  }

  /** Numbers begin again at 1, so what is shown has nothing to do with what comes. */
  #startAnew() {
    this.clear();
    this.note('The history of this room was lost; it starts anew');
  }

  get #first() {
    return Math.min(...this.#items.keys());
  }

  get #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  /** Nearly always nothing: messages come in order. Earlier pages go before. */
  #firstAfter(seq) {
    let after = null;
    for (let item = this.#list.lastElementChild; item; item = item.previousElementSibling) {
      const number = Number(item.dataset.seq);
      if (number < seq) break;
      if (number > seq) after = item;
    }
    return after;
  }

  #divide(divider) {
    const wasAtEnd = this.#atEnd;
    this.#list.append(divider);
    if (wasAtEnd) this.showNewest();
  }

  #trim() {
    while (this.#items.size > MOST) {
      const oldest = this.#list.firstElementChild;
      if (oldest.dataset.seq) this.#items.delete(Number(oldest.dataset.seq));
      oldest.remove();
    }
  }

  async #readEarlier(onEarlier) {
    this.#earlier.disabled = true;
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    await onEarlier(this.#first);
    // What one was reading stays where it is.
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
    this.#earlier.disabled = false;
  }
}
