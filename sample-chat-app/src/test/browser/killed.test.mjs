/* The last test: afterwards one node is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allHave, joins, nobodyComplains, nodes } from './scene.mjs';

test('a page whose node is killed comes back on the other one with nothing missing', { timeout: 120_000 }, async () => {
  const ann = await joins('Ann', nodes[0], { room: 'killed' });
  const bob = await joins('Bob', nodes[1], { room: 'killed' });
  const fay = await joins('Fay', nodes[1]);
  await fay.goesTo('fleet.html');
  const card = `.card[data-node="node ${new URL(nodes[0].url).port}"]`;
  await fay.until(`${card}[data-state="live"]`);
  await ann.says('Hello Bob');
  await bob.hears('Hello Bob');
  assert.notEqual(await ann.node, await bob.node);

  const talking = (async () => {
    for (let i = 1; i <= 50; i++) await bob.says(`Meanwhile ${i}`);
  })();
  await ann.until('[data-seq="6"]');
  process.kill(nodes[0].pid, 'SIGKILL');
  await ann.says('Written without a node');
  await talking;
  await ann.page.waitForFunction((gone) => !['', gone].includes(document.querySelector('#connection-node').textContent), `node ${new URL(nodes[0].url).port}`);
  await ann.isLive();
  assert.equal(await ann.node, await bob.node, 'Ann is on the other node');
  await allHave(52, ann, bob);
  assert.equal((await bob.messages()).filter(({ text }) => text === 'Written without a node').length, 1);
  assert.equal(await ann.page.locator('#outbox .message').count(), 0, 'nothing is still being sent');

  await bob.says('Welcome back');
  await ann.hears('Welcome back');
  await Promise.all([ann.sees('Ann', 'Bob'), bob.sees('Ann', 'Bob')]);
  await fay.until(`${card}[data-state="closed"]:has-text("silent for")`);
  nobodyComplains();
});
