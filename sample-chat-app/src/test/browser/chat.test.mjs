/* Two people on two nodes. CHAT_NODES: [{"url": "http://localhost:8080", "pid": 123}, …] of nodes with a fresh Redis. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launchChromium } from './chromium.mjs';
import { Person } from './person.mjs';

const nodes = JSON.parse(process.env.CHAT_NODES ?? '[]');
const people = [];
let browser;

async function joins(name, node, options) {
  const person = await Person.joins(browser, node.url, name, options);
  people.push(person);
  return person;
}

before(async () => {
  assert.equal(nodes.length, 2, 'CHAT_NODES must name two nodes');
  browser = await launchChromium();
});

afterEach(async () => {
  await Promise.all(people.splice(0).map((person) => person.leaves()));
});

after(() => browser?.close());

test('on a phone nothing sticks out, and a room of one’s own can be opened', { timeout: 60_000 }, async () => {
  const zoe = await joins('Zoe', nodes[1], { viewport: { width: 375, height: 812 }, hasTouch: true });
  await zoe.page.getByLabel('Join another room').fill('Zoes place');
  await zoe.page.getByRole('button', { name: 'Go' }).click();
  await zoe.until('#rooms a[aria-current]:text-is("zoes-place")');
  await zoe.says('a-word-that-is-far-longer-than-the-screen-is-wide'.repeat(4));
  await zoe.hasExactly(1);
  const { width, wide } = await zoe.page.evaluate(() => ({ width: innerWidth, wide: document.documentElement.scrollWidth }));
  assert.equal(wide, width, 'no horizontal scrolling');
  const small = await zoe.page.locator('button:visible, a:visible, input:visible, textarea:visible, summary:visible')
    .evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML));
  assert.deepEqual(small, [], 'everything that can be touched is 44 pixels high');
  assert.deepEqual(zoe.complaints, []);
});

test('a refused message says why, and markup stays text', { timeout: 60_000 }, async () => {
  const max = await joins('Max', nodes[0]);
  await max.page.goto(`${nodes[0].url}/#refusals`);
  await max.page.locator('#text').evaluate((field) => field.removeAttribute('maxlength'));
  await max.says('x'.repeat(2_001));
  await max.until('#outbox .message[data-state="failed"] .why:text("2001 characters, at most 2000")');
  await max.page.getByRole('button', { name: 'Discard' }).click();
  await max.says('<img src=x onerror=alert(1)> & <b>bold</b>');
  await max.hears('<img src=x onerror=alert(1)> & <b>bold</b>');
  assert.equal(await max.page.locator('#messages :is(img, b b)').count(), 0);
  assert.equal(await max.page.locator('#outbox .message').count(), 0);
  assert.deepEqual(max.complaints, []);
});

test('a room’s badge counts what others said while I was elsewhere, on all my devices', { timeout: 60_000 }, async () => {
  const eve = await joins('Eve', nodes[0]);
  const evesPhone = await joins('Eve', nodes[1], { viewport: { width: 375, height: 812 }, hasTouch: true });
  const kim = await joins('Kim', nodes[1]);
  await kim.enters('coffee');
  for (let i = 1; i <= 3; i++) await kim.says(`Coffee ${i}`);
  await kim.hasExactly(3);
  await Promise.all([eve.hasUnread('coffee', 3), evesPhone.hasUnread('coffee', 3)]);
  assert.equal(await kim.page.locator('#rooms .badge').count(), 0, 'one’s own words are not unread');
  await eve.enters('coffee');
  await eve.hasExactly(3);
  await Promise.all([eve.hasUnread('coffee', 0), evesPhone.hasUnread('coffee', 0)]);
  assert.deepEqual([...eve.complaints, ...evesPhone.complaints, ...kim.complaints], []);
});

test('a page whose node is killed comes back on the other one with nothing missing', { timeout: 120_000 }, async () => {
  const ann = await joins('Ann', nodes[0]);
  const bob = await joins('Bob', nodes[1]);
  const annsNode = await ann.node;
  assert.notEqual(annsNode, await bob.node);

  await ann.says('Hello Bob');
  await bob.hears('Hello Bob');
  await bob.says('Hello Ann');
  await ann.hears('Hello Ann');
  await Promise.all([ann.sees('Ann', 'Bob'), bob.sees('Ann', 'Bob')]);
  await Promise.all([ann.hasExactly(2), bob.hasExactly(2)]);

  await ann.entersTunnel();
  process.kill(nodes[0].pid, 'SIGKILL');
  await ann.until('#connection[data-state="offline"]');
  await ann.until('#banner-text:text("Connection lost")');
  for (let i = 1; i <= 50; i++) await bob.says(`While you were away ${i}`);
  await bob.hasExactly(52);
  await ann.says('Written without a connection');
  await ann.until('#outbox .message[data-state="sending"]');

  await ann.leavesTunnel();
  await ann.isLive();
  assert.equal(await ann.node, await bob.node, 'Ann is on the other node');
  await Promise.all([ann.hasExactly(53), bob.hasExactly(53)]);
  await ann.until('#messages .divider.missed:has-text("You missed 50 messages")');
  assert.equal(await ann.page.locator('.divider.missed + .message').getAttribute('data-seq'), '3');
  assert.deepEqual(await ann.messages(), await bob.messages());
  assert.equal(await ann.page.locator('#outbox .message').count(), 0, 'Nothing is still being sent');
  assert.equal((await ann.messages()).at(-1).text, 'Written without a connection');

  await bob.says('Welcome back');
  await ann.hears('Welcome back');
  await Promise.all([ann.sees('Ann', 'Bob'), bob.sees('Ann', 'Bob')]);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});
