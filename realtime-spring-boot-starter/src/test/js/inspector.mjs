// Uses the inspector's page in Chromium as one operator, and says as one JSON document what it saw.
// Usage: node inspector.mjs http://localhost:8080 SCENE USER NAME, where NAME is looked for
import { launchChromium } from '../../../../sample-chat-app/src/test/browser/chromium.mjs';

const [, , origin, scene, username, wanted] = process.argv;
const browser = await launchChromium();
const troubles = [];

/** The browser's own report of a name that nothing has. */
const NOT_FOUND = /^Failed to load resource: .* 40[04] /;

async function open(options = {}) {
  const context = await browser.newContext({ httpCredentials: { username, password: 'secret' }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !NOT_FOUND.test(message.text()) && troubles.push(message.text()));
  page.on('request', (request) => !request.url().startsWith(origin) && !request.url().startsWith('data:') && troubles.push(request.url()));
  return page;
}

/** With a folder in INSPECTOR_SHOTS, how it looks is there afterwards. */
const shoot = (page, name, fullPage = true) =>
  process.env.INSPECTOR_SHOTS && page.screenshot({ path: `${process.env.INSPECTOR_SHOTS}/${name}.png`, fullPage });

const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

const focusedLabel = (page) => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);

const text = (page, selector) => page.locator(selector).innerText();

async function find(page, kind, name) {
  await page.getByLabel('Look for').selectOption(kind);
  await page.getByLabel('Name or id').fill(name);
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.locator('#found h3').waitFor();
}

/** Elements that are none of the page's own, or handlers: what markup in a name would make. */
const foreign = (page) => page.evaluate(() =>
  [...document.querySelectorAll('img, svg, iframe, b, i, style, script:not([src]), [onerror], [onload], [style]:not([style=""])')].map((each) => each.outerHTML));

/** Waits until a recent event of this name is shown, too. */
const inLists = (page, name) => page.locator('#recent tbody').getByText(name).first().waitFor();

const scenes = {
  /** From a topic to its user, to the user's connection, which is ended. */
  async disconnect() {
    const page = await open();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    await inLists(page, wanted);
    await find(page, 'any', 'room.<b>1</b>');
    const topic = await text(page, '#found h3');
    await page.locator('#found').getByRole('link', { name: wanted }).click();
    await page.locator('#found h3:has-text("User")').waitFor();
    const user = await text(page, '#found h3');
    await page.locator('#found tbody a').first().click();
    await page.locator('#found h3:has-text("Connection")').waitFor();
    const connection = await text(page, '#found h3');
    await page.getByRole('button', { name: 'Disconnect this connection' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Disconnect this connection' }).click();
    await page.getByLabel('Reason').fill('go away');
    const markup = await foreign(page);
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.locator('#status:has-text("Disconnected")').waitFor();
    await page.locator('#found h3:has-text("Nothing found")').waitFor();
    return { topic, user, connection, markup, pwned: await page.evaluate(() => window.pwned ?? false) };
  },

  /** A user's connections are ended by the keyboard alone. */
  async keyboard() {
    const page = await open();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    await page.locator('#nodes tbody tr').first().waitFor();
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    await press('Tab');
    const skip = await page.evaluate(() => document.activeElement.textContent);
    await press('Enter', 'Tab', 'ArrowDown', 'ArrowDown', 'Tab');
    await page.keyboard.type(wanted);
    await press('Enter');
    await page.locator('#found h3:focus').waitFor();
    const focused = await page.evaluate(() => document.activeElement.textContent);
    await press('Tab', 'Tab', 'Enter');
    await page.locator('dialog[open] #reason:focus').waitFor();
    await press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'hidden' });
    await press('Enter');
    await page.locator('dialog[open]').waitFor();
    await press('Tab', 'Tab', 'Enter');
    await page.locator('#status:has-text("Disconnected")').waitFor();
    await page.locator('#found :text("No node that answered has a connection of this user")').waitFor();
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, select, table, section, dialog')]
        .filter((each) => !(each.labels?.length || each.textContent.trim() || each.getAttribute('aria-labelledby')))
        .map((each) => each.outerHTML));
    return { skip, focused, unnamed };
  },

  /** What there is to click for an operator of this name, and what the page says when it is refused. */
  async rights() {
    const page = await open();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    await find(page, 'user', wanted);
    await page.locator('#found tbody a').first().waitFor();
    const buttons = await page.locator('#found button').allInnerTexts();
    const commands = await page.locator('#nodes button').count();
    if (!buttons.includes('Disconnect this user')) return { buttons, commands };
    await page.getByRole('button', { name: 'Disconnect this user' }).click();
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.locator('#status.bad').waitFor();
    troubles.splice(0); // The browser reports the refused command.
    return { buttons, commands, status: await text(page, '#status') };
  },

  /** The other node is drained by the keyboard, after a look at the dialog, and resumed with the mouse. */
  async drain() {
    const page = await open();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    const row = page.locator('#nodes tbody tr', { hasText: wanted });
    const drain = page.getByRole('button', { name: `Drain node ${wanted}` });
    await drain.click();
    const dialog = await text(page, '#confirm-text');
    const reason = await page.locator('#reason').isVisible();
    await shoot(page, 'drain-dialog', false);
    await page.waitForResponse((response) => new URL(response.url()).pathname === '/actuator/realtime');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'hidden' });
    const cancelled = [await text(page, `#nodes tr:has-text("${wanted}") .badge`), await focusedLabel(page)];
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#status:has-text("is being drained")').waitFor();
    await row.locator('.badge:has-text("drained")').waitFor();
    const focused = await focusedLabel(page);
    await shoot(page, 'drained');
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await isWide(page);
    await shoot(page, 'drained-narrow');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot(page, 'drained-narrow-dark');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('button', { name: `Resume node ${wanted}` }).click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Resume' }).click();
    await page.locator('#status:has-text("is in service again")').waitFor();
    await row.locator('.badge:has-text("serving")').waitFor();
    await page.route('**/realtimesessions/drain', (route) =>
      route.fulfill({ status: 504, json: { node: wanted, outcome: 'no-answer', problem: 'It did not answer.' } }));
    await drain.click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Drain' }).click();
    await page.locator('#status.bad').waitFor();
    troubles.splice(0); // The browser reports the failed command.
    return { dialog, reason, cancelled, focused, wide, failed: await text(page, '#status') };
  },

  /** A topic and a user are followed while something happens. */
  async follow() {
    const page = await open();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    const hidden = await page.locator('#follow').isHidden();
    await find(page, 'topic', 'room.<b>1</b>');
    await page.getByRole('button', { name: 'Follow this topic' }).click();
    await page.locator('#followed tbody tr').nth(2).waitFor();
    const topic = await text(page, '#followed h3');
    const newest = await page.locator('#followed tbody td').first().innerText();
    await page.waitForFunction((before) => document.querySelector('#followed tbody td').innerText !== before, newest);
    await shoot(page, 'follow-topic');
    await page.getByRole('button', { name: 'Trace the next 10 messages' }).click();
    await page.locator('#status:has-text("the journeys of the next")').waitFor();
    const traced = await text(page, '#status');
    await page.locator('#followed td[data-title="Journey"] a').first().waitFor();
    await page.getByRole('button', { name: 'Stop following' }).click();
    const stopped = await page.locator('#follow').isHidden();
    await find(page, 'user', wanted);
    await page.getByRole('button', { name: 'Follow this user' }).click();
    await page.locator('#followed .badge:text-is("subscribed")').first().waitFor();
    await page.locator('#followed .badge:text-is("unsubscribed")').first().waitFor();
    const user = await text(page, '#followed h3');
    const markup = await foreign(page);
    await shoot(page, 'follow-user');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await isWide(page);
    await shoot(page, 'follow-user-narrow-dark');
    return { hidden, topic, traced, stopped, user, markup, wide };
  },

  /** A message is followed on its way, from its id and from its topic. */
  async journey() {
    const page = await open();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    await find(page, 'journey', wanted);
    const found = await text(page, '#found h3');
    const nodes = await page.locator('#found h4').allInnerTexts();
    const slowest = await text(page, '#found p');
    await shoot(page, 'journey');
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await isWide(page);
    await shoot(page, 'journey-narrow');
    await find(page, 'topic', 'room.<b>1</b>');
    await page.locator('#found').getByRole('link', { name: wanted }).click();
    await page.locator('#found h3:has-text("Journey")').waitFor();
    await find(page, 'journey', 'none-1');
    await page.locator('#found h3:has-text("Nothing found")').waitFor();
    return { found, nodes, slowest, wide, unknown: await text(page, '#found') };
  },

  /** Rates, a node that is lost, the pause, and a page that nobody looks at. */
  async live() {
    const page = await open();
    let asked = 0;
    page.on('request', (request) => new URL(request.url()).pathname === '/actuator/realtime' && asked++);
    await page.clock.install();
    await page.goto(`${origin}/actuator/realtime/inspector`);
    const published = page.locator('#now > div:has-text("Published per second") dd');
    await page.locator('#nodes tbody tr').first().waitFor();
    const turn = async () => {
      const before = asked;
      const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/actuator/realtime');
      await page.clock.runFor(2_100);
      await answered;
      return asked - before;
    };
    await turn();
    await page.waitForFunction(() => !document.querySelector('#now').textContent.includes('–'));
    const rates = await published.innerText();
    const row = page.locator('#nodes tbody tr', { hasText: wanted });
    for (let turns = 0; turns < 20 && !(await row.innerText()).includes('no answer'); turns++) await turn();
    const lost = await row.innerText();
    const said = await text(page, '#status');
    await page.getByRole('button', { name: 'Pause updates' }).click();
    const quiet = async () => {
      await page.clock.runFor(3_000); // What was under way has ended.
      const before = asked;
      await page.clock.runFor(30_000);
      return asked - before;
    };
    const whilePaused = await quiet();
    await page.getByRole('button', { name: 'Resume updates' }).click();
    await turn();
    const see = (hidden) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await see(true);
    const whileHidden = await quiet();
    const before = asked;
    await Promise.all([page.waitForResponse((response) => new URL(response.url()).pathname === '/actuator/realtime'), see(false)]);
    return { rates, lost, said, whilePaused, whileHidden, again: asked - before > 0 };
  },

  /** Answers that are incomplete, late, or of something else than the endpoints. */
  async failures() {
    const page = await open();
    await page.context().addCookies([{ name: 'XSRF-TOKEN', value: '%zz', url: origin }]);
    const answer = (path, json) => page.route(`**/actuator/${path}`, async (route) => route.fulfill({ json: await json() }));
    let answers = 0;
    let held = Promise.resolve();
    await answer('realtime', async () => {
      await held;
      answers++;
      return { node: `node-${answers}`, nodes: [{ node: 'one', serving: true, broker: { connected: true, usable: true }, connections: answers }], noAnswer: [] };
    });
    const half = { node: 'one', time: '2026-11-30T09:00:00Z', kind: 'refusal', reason: 'no-access', user: 'half \ud83d' };
    await answer('realtime/recent', () => ({ events: [half], noAnswer: [] }));
    await answer('realtime/top', () => ({ topics: [], connections: [], noAnswer: [] }));
    await answer('realtime/users?name=big', () => ({ user: 'big', connections: [], noAnswer: [], problems: [{ node: 'two', problem: 'too long' }] }));
    await page.goto(`${origin}/actuator/realtime/inspector`);
    await inLists(page, 'half');
    const lists = await text(page, '#topics');
    await page.getByLabel('Show').selectOption('gap');
    const filtered = await text(page, '#recent');
    await find(page, 'any', 'big');
    const incomplete = [await text(page, '#found h3'), await text(page, '#found button.danger')];
    await find(page, 'user', wanted);
    await page.locator('#found h3', { hasText: wanted }).waitFor();
    await page.route('**/realtimesessions/disconnect', (route) => route.fulfill({ status: 404, body: '' }));
    await page.getByRole('button', { name: 'Disconnect this user' }).click();
    const isolated = await text(page, '#confirm-text bdi');
    const disconnect = page.getByRole('button', { name: 'Disconnect', exact: true });
    await page.getByLabel('Reason').fill('ä'.repeat(100));
    await disconnect.click();
    const tooLong = await text(page, 'dialog[open] #reason-problem');
    await page.getByLabel('Reason').fill('bye');
    await disconnect.click();
    await page.locator('#status.bad').waitFor();
    const refused = await text(page, '#status');
    await page.evaluate(() => getSelection().selectAllChildren(document.querySelector('#nodes td')));
    await page.locator('#nodes.kept').waitFor();
    const kept = await page.evaluate(() => getComputedStyle(document.querySelector('#nodes'), '::after').content.replaceAll('"', ''));
    let release;
    held = new Promise((resolve) => { release = resolve; });
    await page.waitForRequest(`${origin}/actuator/realtime`);
    await page.getByRole('button', { name: 'Pause updates' }).click();
    release();
    await page.locator('#updated', { hasText: `node-${answers + 1} ` }).waitFor();
    const paused = await text(page, '#updated');
    while (new URL(page.url()).hash) await page.goBack();
    await page.waitForFunction(() => document.querySelector('#found').childElementCount === 0);
    return { lists, filtered, incomplete, isolated, tooLong, refused, kept, paused, found: await page.locator('#found > *').count() };
  },

  /** Nothing is wider than the narrowest phone. With a folder in INSPECTOR_SHOTS, how it looks is there afterwards. */
  async narrow() {
    const wide = {};
    for (const [name, options] of Object.entries({
      light: { viewport: { width: 1280, height: 900 } },
      dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
      narrow: { viewport: { width: 360, height: 740 } },
    })) {
      const page = await open(options);
      await page.goto(`${origin}/actuator/realtime/inspector`);
      await page.locator('#nodes tbody tr').first().waitFor();
      await inLists(page, wanted);
      for (const kind of ['topic', 'user', 'connection']) {
        if (kind === 'topic') await find(page, 'topic', 'room.<b>1</b>');
        if (kind === 'user') await page.locator('#found').getByRole('link', { name: wanted }).click();
        if (kind === 'connection') await page.locator('#found tbody a').first().click();
        await page.locator(`#found h3:text-matches("^${kind}", "i")`).waitFor();
        wide[`${name} ${kind}`] = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (process.env.INSPECTOR_SHOTS) {
          await page.screenshot({ path: `${process.env.INSPECTOR_SHOTS}/${name}-${kind}.png`, fullPage: true });
        }
      }
      await page.getByRole('button', { name: 'Disconnect this connection' }).click();
      wide[`${name} dialog`] = await page.evaluate(() => document.querySelector('dialog').scrollWidth > innerWidth);
      if (process.env.INSPECTOR_SHOTS) await page.screenshot({ path: `${process.env.INSPECTOR_SHOTS}/${name}-dialog.png` });
    }
    return { wide: Object.keys(wide).filter((each) => wide[each]), looked: Object.keys(wide).length };
  },
};

try {
  const seen = await scenes[scene]();
  console.log(JSON.stringify({ ...seen, troubles }));
} finally {
  await browser.close();
}
