import { byId, element } from './dom.js';

/** Milliseconds since 1970 by this page's clock, finer than Date has them. */
const now = () => performance.timeOrigin + performance.now();

/**
 * One message on its way: from this page to a node, to the log, and back through every node. The page's clock measures
 * what the page sees; the node's and the log's times are by their own clocks, so on another machine they are about right.
 */
export class Path {
  id = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  #through;
  #sent = now();
  #steps = [];
  #arrivals = 0;
  #title = element('h3');
  #table = element('table');
  #item = element('li', { class: 'card path' }, this.#title, this.#table);

  constructor(through) {
    this.#through = through;
    this.#title.textContent = `Sending through ${through} …`;
    this.#item.dataset.path = this.id;
    this.#steps.push({ what: 'sent by this page', kind: 'sent', at: this.#sent });
    byId('paths').prepend(this.#item);
    this.#show();
    this.#item.scrollIntoView({ block: 'nearest' });
  }

  received(node, { position, timestamp, payload }) {
    const at = now();
    if (this.#arrivals++ === 0) {
      this.#title.textContent = `Number ${position.seq}, through ${payload.by}`;
      this.#steps.push({ what: `accepted by ${payload.by}`, kind: 'taken', at: this.#between(payload.at, at) });
      this.#steps.push({ what: 'published: numbered and stored', kind: 'published', at: this.#between(timestamp, at) });
    }
    const relayed = node !== payload.by;
    this.#steps.push({ what: `${relayed ? 'relayed, ' : ''}received through ${node}`, kind: relayed ? 'relayed' : 'received', at });
    this.#item.dataset.arrivals = this.#arrivals;
    this.#show();
    this.#item.scrollIntoView({ block: 'nearest' });
  }

  failed(error) {
    this.#title.textContent = `Not sent through ${this.#through}: ${error.message}`;
  }

  remove() {
    this.#item.remove();
  }

  /** Whole milliseconds of another clock; never before we sent, never after we had it. */
  #between(time, end) {
    return Math.min(end, Math.max(this.#sent, time));
  }

  #show() {
    const all = Math.max(1, ...this.#steps.map(({ at }) => at - this.#sent));
    const rows = [...this.#steps].sort((one, other) => one.at - other.at).map(({ what, kind, at }) => {
      const after = at - this.#sent;
      const bar = element('meter', { min: 0, max: all, value: after, 'aria-hidden': 'true' });
      return element('tr', { 'data-step': kind },
        element('th', { scope: 'row' }, what), element('td', { class: 'number' }, `${after.toFixed(1)} ms`), element('td', { class: 'bar' }, bar));
    });
    this.#table.replaceChildren(element('tbody', {}, ...rows));
  }
}
