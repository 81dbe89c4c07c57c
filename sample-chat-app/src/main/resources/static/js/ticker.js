/* Prices with nothing but the browser's EventSource: curl -N shows the same. It comes back by itself, and says where it was. */
import { byId, element } from './dom.js';
import { sparkline } from './sparkline.js';

const SHOWN = 240;
const MONEY = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 2, signDisplay: 'exceptZero' });
const rows = new Map();
const second = { quotes: 0, frames: 0 };
let paused = false;

function listen(address) {
  const prices = new EventSource(address);
  prices.onopen = () => show('live');
  prices.onerror = () => show(prices.readyState === EventSource.CLOSED ? 'closed' : 'offline');
  prices.onmessage = ({ data }) => {
    const { number, quotesIn, quotes } = JSON.parse(data).payload;
    second.quotes += quotesIn;
    second.frames++;
    byId('prices').dataset.frame = number;
    for (const { symbol, price } of quotes) rows.get(symbol)?.next(price);
  };
}

setInterval(() => {
  byId('quotes').textContent = second.quotes.toLocaleString();
  byId('frames').textContent = second.frames;
  second.quotes = second.frames = 0;
}, 1_000);

byId('pause').addEventListener('click', ({ currentTarget }) => {
  paused = !paused;
  currentTarget.setAttribute('aria-pressed', String(paused));
  if (!paused) rows.forEach((row) => row.draw());
});

function show(state) {
  byId('connection').dataset.state = state;
  byId('connection-state').textContent = state;
}

/** One symbol. Its colours say nothing that its arrow and sign do not say, too. */
class Row {
  #opening;
  #history = [];
  #price = element('td', { class: 'number price' });
  #change = element('td', { class: 'number change' });
  #trend = element('td', { class: 'trend' });

  constructor(symbol, price) {
    this.#opening = price;
    const name = element('th', { scope: 'row' }, symbol);
    byId('prices').append(element('tr', { 'data-symbol': symbol }, name, this.#price, this.#change, this.#trend));
  }

  next(price) {
    this.#history.push(price);
    if (this.#history.length > SHOWN) this.#history.shift();
    if (!paused) this.draw();
  }

  draw() {
    const price = this.#history.at(-1);
    const before = this.#history.at(-2) ?? price;
    this.#price.dataset.direction = price > before ? 'up' : price < before ? 'down' : 'same';
    this.#price.textContent = MONEY.format(price);
    const change = price / this.#opening - 1;
    this.#change.dataset.direction = change > 0 ? 'up' : change < 0 ? 'down' : 'same';
    this.#change.textContent = PERCENT.format(change);
    this.#trend.replaceChildren(sparkline(this.#history));
  }
}

try {
  // First the state and its position, then what follows it: nothing falls between.
  const { epoch, seq, state } = await (await fetch('/realtime/topics/prices/snapshot')).json();
  for (const quote of state) rows.set(quote.symbol, new Row(quote.symbol, quote.price));
  listen(`/realtime/sse?topic=prices&position=${epoch}-${seq}`);
} catch {
  show('closed');
}
