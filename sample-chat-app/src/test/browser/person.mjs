import assert from 'node:assert/strict';

const LOST_CONNECTION = /WebSocket connection to|net::ERR_|Failed to fetch/;

/** Somebody with the chat open in a browser of their own. */
export class Person {
  /** What the console complained about, lost connections aside: those are what the tests cause. */
  complaints = [];

  static async joins(browser, url, name, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const person = new Person();
    person.name = name;
    person.page = await context.newPage();
    person.page.setDefaultTimeout(20_000);
    person.page.on('pageerror', (error) => person.complaints.push(error.stack));
    person.page.on('console', (message) => {
      if (message.type() === 'error' && !LOST_CONNECTION.test(message.text())) person.complaints.push(message.text());
    });
    await person.page.addInitScript(tunnel);
    await person.page.goto(url);
    await person.page.getByLabel('Your name').fill(name);
    await person.page.getByRole('button', { name: 'Join' }).click();
    await person.isLive();
    return person;
  }

  async isLive() {
    await this.until('#connection[data-state="live"]');
    await this.until('#connection-node:not(:empty)');
  }

  get node() {
    return this.page.locator('#connection-node').textContent();
  }

  async says(text) {
    await this.page.getByLabel('Your message').fill(text);
    await this.page.keyboard.press('Enter');
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
    await this.page.locator(`#rooms a[href="#${room}"]`).click();
    await this.until(`#rooms a[href="#${room}"][aria-current]`);
  }

  /** Waits until the room's badge says so; without unread messages there is none. */
  hasUnread(room, count) {
    return this.page.waitForFunction(([name, wanted]) => {
      const badge = document.querySelector(`#rooms a[href="#${name}"] .badge`);
      return (badge ? Number(badge.textContent) : 0) === wanted;
    }, [room, count]);
  }

  /** No new connection succeeds until `leavesTunnel`; what is open stays open. */
  entersTunnel() {
    return this.page.evaluate(() => (window.inTunnel = true));
  }

  leavesTunnel() {
    return this.page.evaluate(() => (window.inTunnel = false));
  }

  until(selector) {
    return this.page.locator(selector).waitFor();
  }

  leaves() {
    return this.page.context().close();
  }
}

/** Runs in the page, before its scripts. Port 1 refuses every connection. */
function tunnel() {
  const RealWebSocket = window.WebSocket;
  window.WebSocket = class extends RealWebSocket {
    constructor(url, protocols) {
      super(window.inTunnel ? 'ws://localhost:1/' : url, protocols);
    }
  };
}
