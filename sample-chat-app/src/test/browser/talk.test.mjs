/* What people do with each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allHave, joins, nobodyComplains, nodes, phone } from './scene.mjs';

const [one, two] = nodes;

test('two on two nodes hear each other, and see who is here', { timeout: 60_000 }, async () => {
  const ann = await joins('Ann', one, { room: 'talk' });
  const bob = await joins('Bob', two, { room: 'talk' });
  assert.notEqual(await ann.node, await bob.node);
  await ann.says('Hello Bob');
  await bob.hears('Hello Bob');
  await bob.says('Hello Ann');
  await Promise.all([ann.sees('Ann', 'Bob'), bob.sees('Ann', 'Bob')]);
  await allHave(2, ann, bob);
  await bob.enters('lobby');
  await ann.sees('Ann');
  nobodyComplains();
});

test('one sees that the other is typing, until it is said', { timeout: 60_000 }, async () => {
  const ann = await joins('Ann', one, { room: 'typing' });
  const bob = await joins('Bob', two, { room: 'typing' });
  await ann.types('Hello Bob', () => bob.until('#typing:text("Ann is typing")'));
  assert.equal(await ann.page.locator('#typing').textContent(), '', 'one is not told of oneself');
  await ann.says('Hello');
  await bob.hears('Hello');
  await bob.page.waitForFunction(() => document.querySelector('#typing').textContent === '');
  nobodyComplains();
});

test('a refused message says why, and markup stays text', { timeout: 60_000 }, async () => {
  const max = await joins('Max', one, { room: 'refusals' });
  await max.page.locator('#text').evaluate((field) => field.removeAttribute('maxlength'));
  await max.says('x'.repeat(2_001));
  await max.until('#outbox .message[data-state="failed"] .why:text("2001 characters, at most 2000")');
  await max.page.getByRole('button', { name: 'Discard' }).click();
  await max.says('<img src=x onerror=alert(1)> & <b>bold</b>');
  await max.hears('<img src=x onerror=alert(1)> & <b>bold</b>');
  assert.equal(await max.page.locator('#messages :is(img, b b)').count(), 0);
  assert.equal(await max.page.locator('#outbox .message').count(), 0);
  nobodyComplains();
});

test('a badge counts what others said while I was elsewhere, on all my devices', { timeout: 60_000 }, async () => {
  const eve = await joins('Eve', one);
  const evesPhone = await joins('Eve', two, phone);
  const kim = await joins('Kim', two, { room: 'coffee' });
  for (let i = 1; i <= 3; i++) await kim.says(`Coffee ${i}`);
  await kim.hasExactly(3);
  await Promise.all([eve.hasUnread('room.coffee', 3), evesPhone.hasUnread('room.coffee', 3)]);
  await eve.page.waitForFunction(() => document.title.startsWith('(3) '));
  await kim.hasUnread('room.coffee', 0);
  await eve.enters('coffee');
  await eve.hasExactly(3);
  await eve.until('#messages .divider.new:has-text("3 new messages")');
  assert.equal(await eve.page.locator('.divider.new + .message').getAttribute('data-seq'), '1');
  await Promise.all([eve.hasUnread('room.coffee', 0), evesPhone.hasUnread('room.coffee', 0)]);
  nobodyComplains();
});

test('a direct message is for two, comes to the inbox, and shows who is online', { timeout: 60_000 }, async () => {
  const liz = await joins('Liz Ñ', one);
  const tom = await joins('Tom', two);
  await tom.talksTo('Liz Ñ');
  await tom.until('#talks .dot[data-online="true"]');
  await tom.says('Just you');
  await tom.hears('Just you');
  await Promise.all([liz.hasUnread('inbox', 1), liz.hasUnread('dm.Liz_20_c3_91.Tom', 1)]);
  await liz.until('#announcement:text("Tom wrote to you: Just you")');
  await liz.page.locator('#inbox-link').click();
  await liz.until('#notices li[data-from="Tom"]:has-text("Just you")');
  await liz.hasUnread('inbox', 0);
  await liz.page.locator('#notices a').first().click();
  await liz.hears('Just you');
  await liz.hasUnread('dm.Liz_20_c3_91.Tom', 0);
  await liz.says('I see');
  await allHave(2, liz, tom);
  await liz.hasUnread('inbox', 0);
  await tom.leaves();
  await liz.until('#talks .dot[data-online="false"]');
  nobodyComplains();
});

test('who is mentioned finds it in the inbox, and comes to where it was said', { timeout: 60_000 }, async () => {
  const mia = await joins('Mia Li', one);
  const joe = await joins('Joe', two, { room: 'mentions' });
  await joe.says('Ask @"Mia Li" about it');
  await mia.hasUnread('inbox', 1);
  await mia.page.locator('#inbox-link').click();
  await mia.page.locator('#notices a', { hasText: 'mentioned you in #mentions' }).click();
  await mia.hears('Ask @"Mia Li" about it');
  nobodyComplains();
});

test('whoever scrolls up reads what was said before, and stays where they were', { timeout: 60_000 }, async () => {
  const ada = await joins('Ada', one, { room: 'long' });
  for (let i = 1; i <= 120; i++) await ada.says(`Line ${i}`);
  await ada.hasExactly(120);
  await ada.page.reload();
  await ada.isLive();
  await ada.until('[data-seq="120"]');
  assert.equal((await ada.messages())[0].seq, 71, 'a page at first');
  await ada.page.locator('#scroller').hover();
  await ada.page.mouse.wheel(0, -20_000);
  await ada.until('[data-seq="21"]');
  const seen = await ada.page.locator('[data-seq="71"]').boundingBox();
  assert.ok(seen.y > 0 && seen.y < 800, 'what was at the top is still in sight');
  await ada.page.mouse.wheel(0, -20_000);
  await ada.until('[data-seq="1"]');
  await ada.hasExactly(120);
  await ada.page.locator('#earlier').waitFor({ state: 'hidden' });
  nobodyComplains();
});
