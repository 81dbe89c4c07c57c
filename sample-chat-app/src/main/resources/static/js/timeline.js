import { byId } from './dom.js';
import { dividerView, messageView } from './message-view.js';

/** Older ones leave the page; they can be read again. */
const MOST = 500;

/** The messages of a place in the order of their numbers, and what is to be said between them. */
export class Timeline {
  #me;
  #list = byId('messages');
  #scroller = byId('scroller');
  #earlier = byId('earlier');
  #newest = byId('newest');
  #epoch;
  #items = new Map();
  /** The line before what is new: after which number, how many, and whether it still counts. */
  #new;

  constructor(me, { end, onEarlier }) {
    this.#me = me;
    this.#earlier.addEventListener('click', () => this.#readEarlier(onEarlier), { signal: end });
    this.#newest.addEventListener('click', () => this.showNewest(), { signal: end });
    this.#scroller.addEventListener('scroll', () => this.#scrolled(onEarlier), { signal: end });
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
    this.#placeDivider();
  }

  note(text) {
    this.#keepingEnd(() => this.#list.append(dividerView(text, 'note')));
  }

  /** So many messages are new, and they begin after this position. */
  divideAfter({ epoch, seq }, count) {
    if (epoch !== (this.#epoch ?? epoch)) return;
    this.#new?.line.remove();
    this.#new = { after: seq, count, counting: false, line: dividerView(newMessages(count), 'new') };
    this.#keepingEnd(() => this.#placeDivider());
  }

  /** This one is new; the first begins a line, the next are counted. */
  countNew(seq) {
    if (!this.#new?.counting) this.divideAfter({ epoch: this.#epoch, seq: seq - 1 }, 0);
    this.#new.counting = true;
    this.#new.count++;
    this.#new.line.firstElementChild.textContent = newMessages(this.#new.count);
  }

  stopCounting() {
    if (this.#new) this.#new.counting = false;
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
    this.#new = undefined;
    this.#earlier.hidden = true;
    this.#newest.hidden = true;
  }

  /** Numbers begin again at 1, so what is shown has nothing to do with what comes. */
  #startAnew() {
    this.clear();
    this.note('The history was lost. Numbers start again at 1');
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

  /** Before the first new message of others, as far as it is on the page. */
  #placeDivider() {
    if (!this.#new) return;
    const { after, line } = this.#new;
    let next = this.#firstAfter(after);
    while (next?.matches('.mine, .divider')) next = next.nextElementSibling;
    if (next && line.nextElementSibling !== next) next.before(line);
  }

  #keepingEnd(change) {
    const wasAtEnd = this.#atEnd;
    change();
    if (wasAtEnd) this.showNewest();
  }

  #trim() {
    while (this.#items.size > MOST) {
      const oldest = this.#list.firstElementChild;
      if (oldest.dataset.seq) this.#items.delete(Number(oldest.dataset.seq));
      oldest.remove();
    }
  }

  /** Whoever scrolls up reads on without a click; the button is for keyboards, and for a page that is not full. */
  #scrolled(onEarlier) {
    this.#newest.hidden ||= this.#atEnd;
    if (this.#scroller.scrollTop < 80 && !this.#atEnd && !this.#earlier.hidden) void this.#readEarlier(onEarlier);
  }

  async #readEarlier(onEarlier) {
    if (this.#earlier.disabled) return;
    this.#earlier.disabled = true;
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    await onEarlier(this.#first);
    // What one was reading stays where it is.
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
    this.#earlier.disabled = false;
  }
}

function newMessages(count) {
  return `${count} new ${count === 1 ? 'message' : 'messages'}`;
}
