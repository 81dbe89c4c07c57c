import { byId, element } from './dom.js';

/** Who says nothing for so long is gone. */
const SILENT_MS = 3_500;
const NUMBER = new Intl.NumberFormat();
const FACTS = ['connections', 'people', 'subscriptions', 'published / s', 'delivered / s', 'up'];

/** One node: what it says about itself, and how this page is connected to it. */
export class NodeCard {
  #name;
  #card = element('li', { class: 'card' });
  #state = element('p', { class: 'connection' });
  #facts = new Map(FACTS.map((fact) => [fact, element('dd', {}, '–')]));
  #mine = element('p', { class: 'hint mine' });
  #send = element('button', { type: 'button', class: 'primary' });
  #last;
  #heardAt;

  constructor(name) {
    this.#name = name;
    this.#send.textContent = `Send through ${name}`;
    this.#send.hidden = true;
    const facts = [...this.#facts].map(([fact, value]) => element('div', {}, element('dt', {}, fact), value));
    this.#card.dataset.node = name;
    this.#card.append(element('div', { class: 'title' }, element('h3', {}, name), this.#state), element('dl', {}, ...facts), this.#mine, this.#send);
    byId('nodes').append(this.#card);
    this.#show('connecting', 'waiting');
  }

  onSend(listener) {
    this.#send.hidden = false;
    this.#send.addEventListener('click', listener);
  }

  connection(state, transport) {
    this.#mine.textContent = `This page: ${state}${state === 'live' ? `, ${transport}` : ''}`;
    this.#mine.dataset.state = state;
    this.#send.disabled = state !== 'live';
  }

  /** The same report comes through every node. */
  report({ position, timestamp, payload }) {
    if (this.#last && this.#last.epoch === position.epoch && this.#last.seq >= position.seq) return;
    const perSecond = (fact) => {
      const seconds = (timestamp - this.#last.timestamp) / 1_000;
      return NUMBER.format(Math.max(0, Math.round((payload[fact] - this.#last.payload[fact]) / seconds)));
    };
    const restarted = !this.#last || payload.upSeconds < this.#last.payload.upSeconds;
    this.#set('connections', NUMBER.format(payload.connections));
    this.#set('people', NUMBER.format(payload.users));
    this.#set('subscriptions', NUMBER.format(payload.subscriptions));
    this.#set('published / s', restarted ? '–' : perSecond('published'));
    this.#set('delivered / s', restarted ? '–' : perSecond('delivered'));
    this.#set('up', duration(payload.upSeconds));
    this.#last = { ...position, timestamp, payload };
    // A replayed one is old news; but the clocks of two machines may differ.
    this.#heardAt = Math.min(Date.now(), timestamp);
    this.tick();
  }

  tick() {
    if (!this.#last) return;
    const silent = Date.now() - this.#heardAt;
    if (silent < SILENT_MS) this.#show('live', 'running');
    else this.#show('closed', `silent for ${Math.round(silent / 1_000)} s`);
  }

  #set(fact, text) {
    this.#facts.get(fact).textContent = text;
  }

  #show(state, text) {
    if (this.#card.dataset.state && this.#card.dataset.state !== state && state !== 'connecting') {
      byId('announcement').textContent = state === 'live' ? `${this.#name} is running` : `${this.#name} is silent`;
    }
    this.#card.dataset.state = this.#state.dataset.state = state;
    this.#state.replaceChildren(element('span', { class: 'light', 'aria-hidden': 'true' }), text);
  }
}

function duration(seconds) {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}
