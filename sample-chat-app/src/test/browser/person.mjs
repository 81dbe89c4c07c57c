import assert from 'node:assert/strict';

const LOST_CONNECTION = /WebSocket connection to|net::ERR_|Failed to fetch|Failed to load resource|blocked by CORS policy/;

/** Somebody with the chat open in a browser of their own. */
export class Person {
  /** What the console complained about, lost connections aside: those are what the tests cause. */
  complaints = [];

  /** `block` names what their network does not let through: `websocket`, `sse`. `before` runs in the page, before its scripts. */
  static async joins(browser, url, name, { block = [], before, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const person = new Person();
    person.name = name;
    person.origin = new URL(url).origin;
    person.page = await context.newPage();
    person.page.setDefaultTimeout(20_000);
    person.page.on('pageerror', (error) => person.complaints.push(error.stack));
    person.page.on('console', (message) => {
      if (message.type() === 'error' && !LOST_CONNECTION.test(message.text())) person.complaints.push(message.text());
    });
    if (block.includes('websocket')) await person.page.addInitScript(blockWebSockets);
    if (before) await person.page.addInitScript(before);
    if (block.includes('sse')) await person.page.route(/\/realtime\/sse/, (route) => route.abort());
    await person.page.goto(url);
    await person.page.getByLabel('Your name').fill(name);
    await person.page.getByRole('button', { name: 'Join' }).click();
    await person.isLive();
    return person;
  }

  /** On the node where they came in: another one is another site for the browser. */
  goesTo(path) {
    return this.page.goto(`${this.origin}/${path}`);
  }

  async isLive() {
    await this.until('#connection[data-state="live"]');
    await this.until('#connection-node:not(:empty)');
  }

  async isOffline() {
    await this.until('#connection[data-state="offline"]');
    await this.until('#banner-text:text("Offline")');
  }

  get node() {
    return this.page.locator('#connection-node').textContent();
  }

  get transport() {
    return this.page.locator('#connection-transport').textContent();
  }

  async says(text) {
    await this.page.getByLabel('Your message').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Types as people do, letter by letter, until something was seen: one signal may be lost between two polls. */
  async types(text, meanwhile) {
    let waiting = true;
    const seen = meanwhile().finally(() => (waiting = false));
    seen.catch(() => {}); // Awaited below.
    do await this.page.getByLabel('Your message').pressSequentially(text, { delay: 200 });
    while (waiting);
    await seen;
  }

  /** Waits until the message is there with its number. */
  hears(text) {
    return this.page.locator('#messages .message', { hasText: text }).waitFor();
  }

  /** Waits until the list of people is exactly this one. */
  sees(...names) {
    return this.page.waitForFunction(
      (expected) => JSON.stringify([...document.querySelectorAll('#members li')].map((li) => li.dataset.user)) === expected,
      JSON.stringify(names),
    );
  }

  /** Numbers and texts as they stand on the page. */
  messages() {
    return this.page.locator('#messages .message').evaluateAll((items) =>
      items.map((item) => ({ seq: Number(item.dataset.seq), text: item.querySelector('.text').textContent })));
  }

  async hasExactly(count) {
    await this.until(`#messages .message[data-seq="${count}"]`);
    const seqs = (await this.messages()).map(({ seq }) => seq);
    assert.deepEqual(seqs, Array.from({ length: count }, (_, index) => index + 1), `${this.name} sees 1..${count}`);
  }

  async enters(room) {
    await this.page.evaluate((name) => (location.hash = name), room);
    await this.until(`#rooms a[href="#${room}"][aria-current]`);
    await this.page.locator('#messages[aria-busy="false"]').waitFor({ state: 'attached' });
  }

  async talksTo(name) {
    await this.page.evaluate((to) => (location.hash = `@${encodeURIComponent(to)}`), name);
    await this.until(`#talks a[aria-current]:has-text("${name}")`);
    await this.page.locator('#messages[aria-busy="false"]').waitFor({ state: 'attached' });
  }

  /** Waits until the badge says so; without unread messages there is none. */
  hasUnread(topic, count) {
    return this.page.waitForFunction(([name, wanted]) => {
      const link = name === 'inbox' ? '#inbox-link' : `.places a[data-topic="${name}"]`;
      return Number(document.querySelector(`${link} .badge`)?.dataset.count ?? 0) === wanted;
    }, [topic, count]);
  }

  /** The device has no network: nothing comes in, nothing goes out. */
  async losesNetwork() {
    await this.page.context().setOffline(true);
    await this.isOffline();
  }

  findsNetwork() {
    return this.page.context().setOffline(false);
  }

  until(selector) {
    return this.page.locator(selector).first().waitFor();
  }

  leaves() {
    return this.page.context().close();
  }
}

/** Runs in the page, before its scripts: a proxy that knows no WebSockets. Port 1 refuses every connection. */
function blockWebSockets() {
  const RealWebSocket = window.WebSocket;
  window.WebSocket = class extends RealWebSocket {
    constructor(url, protocols) {
      super('ws://localhost:1/', protocols);
    }
  };
}
