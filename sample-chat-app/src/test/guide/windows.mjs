import { launchChromium } from '../browser/chromium.mjs';

const WAIT_MS = 30_000;
const CODE = '`([^`]+)`';

/** What a reader does and sees in the browser, sentence by sentence. */
const SENTENCES = [
  [new RegExp(`^Open ${CODE} in window ([A-Z])\\.$`), (windows, url, name) => windows.open(name, url)],
  [new RegExp(`^In window ([A-Z]), write ${CODE} and press Enter\\.$`), async (windows, name, text) => {
    await windows.type(name, text);
    await windows.of(name).keyboard.press('Enter');
  }],
  [new RegExp(`^In window ([A-Z]), write ${CODE} and do not press Enter\\.$`), (windows, name, text) => windows.type(name, text)],
  [/^Reload window ([A-Z])\.$/, (windows, name) => windows.of(name).reload()],
  [/^Close window ([A-Z])\.$/, (windows, name) => windows.of(name).context().close()],
  [new RegExp(`^Window ([A-Z]) shows ((?:${CODE}(?:, | and )?)+)\\.$`), (windows, name, texts) => windows.shows(name, texts)],
  [new RegExp(`^Windows A and B show ((?:${CODE}(?:, | and )?)+)\\.$`), async (windows, texts) => {
    await windows.shows('A', texts);
    await windows.shows('B', texts);
  }],
  [new RegExp(`^Window ([A-Z]) no longer shows ${CODE}\\.$`), (windows, name, text) => windows.waitFor(name, text, 0)],
];

export class Windows {
  #browser;
  #pages = new Map();
  complaints = [];
  #console = [];

  async look(text) {
    for (const sentence of text.split(/(?<=\.) (?=[A-Z])/)) {
      const found = SENTENCES.map(([pattern, does]) => [sentence.match(pattern), does]).find(([match]) => match);
      if (!found) throw new Error(`Nobody knows how to do this: ${sentence}`);
      await found[1](this, ...found[0].slice(1));
      if (this.complaints.length) throw new Error(`A page complains: ${this.complaints}`);
    }
  }

  async open(name, url) {
    this.#browser ??= await launchChromium();
    const page = await (await this.#browser.newContext()).newPage();
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => this.complaints.push(error.stack));
    page.on('console', (message) => this.#console.push(`${name}: ${message.text()}`));
    this.#pages.set(name, page);
    await page.goto(url);
  }

  of(name) {
    const page = this.#pages.get(name);
    if (!page) throw new Error(`Window ${name} was not opened`);
    return page;
  }

  type(name, text) {
    return this.of(name).locator('input').first().pressSequentially(text);
  }

  /** Each of them, and each once: a message that comes twice is a bug. */
  async shows(name, texts) {
    for (const [, text] of texts.matchAll(new RegExp(CODE, 'g'))) await this.waitFor(name, text, 1);
  }

  async waitFor(name, text, times) {
    const page = this.of(name);
    try {
      await page.waitForFunction(([part, count]) => document.body.innerText.split(part).length - 1 === count, [text, times]);
    } catch {
      throw new Error(`Window ${name} should show "${text}" ${times} times, and shows\n${await page.innerText('body')}\n` +
        `The consoles say\n${this.#console.slice(-20).join('\n')}`);
    }
  }

  async close() {
    await this.#browser?.close();
  }
}
