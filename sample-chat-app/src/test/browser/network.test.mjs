/* What the network does to people. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as until } from 'node:timers/promises';
import { allHave, joins, nobodyComplains, nodes } from './scene.mjs';

const [one, two] = nodes;
const OFFLINE_MS = 30_000;
const MISSED = 200;

test('offline for 30 s while 200 messages are said: all of them, in order, and mine after them, once', { timeout: 120_000 }, async () => {
  const ann = await joins('Ann', one, { room: 'cut' });
  const bob = await joins('Bob', two, { room: 'cut' });
  await ann.says('Before');
  await allHave(1, ann, bob);
  await ann.losesNetwork();
  const lost = Date.now();
  await ann.says('Written offline');
  await ann.says('And more');
  await ann.until('#outbox .message[data-state="sending"] >> nth=1');
  for (let i = 1; i <= MISSED; i++) {
    await bob.says(`While you were away ${i}`);
    // Spread over the whole time, up to its end.
    await until(Math.max(0, lost + (OFFLINE_MS * i) / MISSED - Date.now()));
  }
  await bob.hasExactly(1 + MISSED);
  assert.ok(Date.now() - lost >= OFFLINE_MS);
  assert.equal((await ann.messages()).length, 1);
  await ann.findsNetwork();
  await ann.isLive();
  await allHave(1 + MISSED + 2, ann, bob);
  assert.deepEqual((await ann.messages()).slice(-2).map(({ text }) => text), ['Written offline', 'And more']);
  assert.equal(await ann.page.locator('#outbox .message').count(), 0, 'nothing is still being sent');
  await ann.until(`#messages .divider.new:has-text("${MISSED} new messages")`);
  assert.equal(await ann.page.locator('.divider.new + .message').getAttribute('data-seq'), '2');
  nobodyComplains();
});

test('reloaded in mid-stream, the page has the same list as the others', { timeout: 60_000 }, async () => {
  const ann = await joins('Ann', one, { room: 'reload' });
  const bob = await joins('Bob', two, { room: 'reload' });
  const talking = (async () => {
    for (let i = 1; i <= 45; i++) await bob.says(`Word ${i}`);
  })();
  for (const seq of [10, 25]) {
    await ann.until(`[data-seq="${seq}"]`);
    await ann.page.reload();
    await ann.isLive();
  }
  await talking;
  await allHave(45, ann, bob);
  nobodyComplains();
});

test('where WebSockets are blocked, server-sent events take over', { timeout: 60_000 }, async () => {
  await talksOver('sse', ['websocket']);
});

test('where these are blocked, too, it goes on with long polls', { timeout: 90_000 }, async () => {
  await talksOver('poll', ['websocket', 'sse']);
});

async function talksOver(transport, block) {
  const room = `over-${transport}`;
  const ann = await joins('Ann', one, { room, block });
  const bob = await joins('Bob', two, { room });
  assert.equal(await ann.transport, transport);
  assert.equal(await bob.transport, 'websocket');
  for (let i = 1; i <= 10; i++) {
    await ann.says(`From Ann ${i}`);
    await bob.says(`From Bob ${i}`);
  }
  await allHave(20, ann, bob);
  await Promise.all([ann.sees('Ann', 'Bob'), bob.sees('Ann', 'Bob')]);
  await bob.types('A thought', () => ann.until('#typing:text("Bob is typing")'));
  await ann.losesNetwork();
  for (let i = 1; i <= 10; i++) await bob.says(`Missed ${i}`);
  await ann.says('Offline');
  await bob.hasExactly(30);
  await ann.findsNetwork();
  await ann.isLive();
  await allHave(31, ann, bob);
  await ann.page.reload();
  await ann.isLive();
  assert.equal(await ann.transport, transport, 'it is remembered');
  await allHave(31, ann, bob);
  await ann.page.locator('#text').evaluate((field) => field.removeAttribute('maxlength'));
  await ann.says('x'.repeat(2_001));
  await ann.until('#outbox .message[data-state="failed"] .why:text("2001 characters, at most 2000")');
  await bob.enters('lobby');
  await ann.says('Are you there?');
  await bob.hasUnread(`room.${room}`, 1);
  nobodyComplains();
}
