import { avatar, byId, element } from './dom.js';
import { inbox } from './places.js';

const SHOWN = 50;
const TIME = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

/** Who wrote to me, and who spoke of me: a topic of my own, on which only I can be. */
export class Inbox {
  #topic;
  #reading;
  #onNotice;
  #last;
  #startedAt = Date.now();
  open = false;

  constructor(client, me, reading, onNotice) {
    this.#topic = inbox(me).topic;
    this.#reading = reading;
    this.#onNotice = onNotice;
    client.onUser('/user/queue/notices', (message) => this.#received(message), {
      rewind: SHOWN,
      onRecovered: ({ recovered }) => recovered || byId('notices').replaceChildren(),
    });
    document.addEventListener('visibilitychange', () => this.seen());
  }

  /** While it is open, what comes is read. */
  seen() {
    if (this.open) this.#reading.mark(this.#topic, this.#last);
  }

  #received({ position, timestamp, payload }) {
    // What I am looking at where it was said need not wait for me here, too.
    const known = this.#onNotice(payload, { isNew: timestamp > this.#startedAt });
    if (known && this.#reading.countOf(this.#topic) === 0) this.#reading.mark(this.#topic, position);
    this.#last = position;
    byId('notices').prepend(noticeView(position, timestamp, payload));
    while (byId('notices').childElementCount > SHOWN) byId('notices').lastElementChild.remove();
    byId('inbox-empty').hidden = true;
    this.seen();
  }
}

function noticeView({ seq }, timestamp, { from, room, text }) {
  const at = new Date(timestamp);
  const what = element('p', { class: 'head' },
    element('span', {}, element('b', {}, from), room ? ` mentioned you in #${room}` : ' wrote to you'),
    element('time', { datetime: at.toISOString() }, TIME.format(at)));
  const href = room ? `#${room}` : `#@${encodeURIComponent(from)}`;
  const link = element('a', { href }, avatar(from), element('div', {}, what, element('p', { class: 'text' }, text)));
  return element('li', { 'data-seq': seq, 'data-from': from }, link);
}
