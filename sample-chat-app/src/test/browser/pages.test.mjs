/* The other pages, and all of them on a phone and by keyboard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joins, nobodyComplains, nodes, phone } from './scene.mjs';

const [one, two] = nodes;

async function fits(page) {
  const { width, wide } = await page.evaluate(() => ({ width: innerWidth, wide: document.documentElement.scrollWidth }));
  assert.equal(wide, width, `no horizontal scrolling on ${page.url()}`);
  const small = await page.locator('button:visible, a:visible, input:visible, textarea:visible, summary:visible')
    .evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().height < 44 && !each.matches('.skip')).map((each) => each.outerHTML));
  assert.deepEqual(small, [], 'everything that can be touched is 44 pixels high');
}

test('on a phone nothing sticks out, and a room of one’s own can be opened', { timeout: 60_000 }, async () => {
  const zoe = await joins('Zoe', two, phone);
  await zoe.page.getByLabel('Join another room').fill('Zoes place');
  await zoe.page.getByRole('button', { name: 'Go' }).click();
  await zoe.until('#rooms a[aria-current]:has-text("zoes-place")');
  await zoe.says('a-word-that-is-far-longer-than-the-screen-is-wide'.repeat(4));
  await zoe.hasExactly(1);
  await fits(zoe.page);
  await zoe.page.locator('#people summary').click();
  await zoe.sees('Zoe');
  await fits(zoe.page);
  await zoe.goesTo('#/inbox');
  await zoe.until('#inbox');
  await fits(zoe.page);
  await zoe.goesTo('fleet.html');
  await zoe.page.locator('.card[data-state="live"]').nth(1).waitFor();
  await zoe.page.getByRole('button', { name: 'Send through' }).first().click();
  await zoe.until('.path[data-arrivals="2"]');
  await fits(zoe.page);
  await zoe.goesTo('ticker.html');
  await zoe.until('#prices tr');
  await fits(zoe.page);
  nobodyComplains();
});

test('all can be done with the keyboard, and what happens has names', { timeout: 60_000 }, async () => {
  const kay = await joins('Kay', one, { room: 'keys' });
  await kay.page.keyboard.type('Typed');
  await kay.page.keyboard.press('Enter');
  await kay.hears('Typed');
  await kay.page.getByRole('link', { name: 'coffee' }).focus();
  await kay.page.keyboard.press('Enter');
  await kay.until('#room-title:text-is("coffee")');
  assert.equal(await kay.page.evaluate(() => document.activeElement.id), 'text', 'the cursor is where one writes');
  await kay.page.getByRole('link', { name: 'Inbox' }).focus();
  await kay.page.keyboard.press('Enter');
  await kay.page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await kay.page.getByRole('log', { name: 'Messages' }).waitFor({ state: 'hidden' });
  const nameless = await kay.page.locator('a:visible, button:visible, input:visible, textarea:visible').evaluateAll((all) =>
    all.filter((each) => !(each.textContent.trim() || each.labels?.length || each.ariaLabel)).map((each) => each.outerHTML));
  assert.deepEqual(nameless, []);
  nobodyComplains();
});

test('the fleet page shows both nodes, and the path of a message from one to the other', { timeout: 60_000 }, async () => {
  const fay = await joins('Fay', one);
  await fay.page.getByRole('link', { name: 'Fleet' }).click();
  for (const { url } of nodes) {
    const card = fay.page.locator(`.card[data-node="node ${new URL(url).port}"][data-state="live"]`);
    await card.waitFor();
    await card.locator('dd').first().filter({ hasText: /^[1-9]/ }).waitFor();
  }
  await fay.page.getByRole('button', { name: `Send through node ${new URL(one.url).port}` }).click();
  await fay.until('.path[data-arrivals="2"]');
  const steps = await fay.page.locator('.path tr').evaluateAll((rows) => rows.map((row) => row.dataset.step));
  assert.deepEqual([...steps].sort(), ['published', 'received', 'relayed', 'sent', 'taken']);
  assert.equal(steps[0], 'sent');
  await fay.until(`.path [data-step="relayed"]:has-text("node ${new URL(two.url).port}")`);
  nobodyComplains();
});

test('prices come over the browser’s own EventSource, no faster than the eye', { timeout: 60_000 }, async () => {
  const pia = await joins('Pia', two);
  await pia.page.getByRole('link', { name: 'Prices' }).click();
  await pia.until('#connection[data-state="live"]');
  await pia.page.waitForFunction(() => Number(document.querySelector('#frames').textContent) >= 3);
  const [frames, quotes] = await Promise.all(['#frames', '#quotes'].map((id) => pia.page.locator(id).textContent()));
  assert.ok(Number(frames) <= 6, `${frames} frames a second`);
  assert.ok(Number(quotes.replace(/\D/g, '')) > 50 * Number(frames), `${quotes} quotes a second`);
  assert.equal(await pia.page.locator('#prices tr').count(), 10);
  await pia.page.getByRole('button', { name: 'Pause' }).click();
  await pia.until('#pause[aria-pressed="true"]');
  nobodyComplains();
});
