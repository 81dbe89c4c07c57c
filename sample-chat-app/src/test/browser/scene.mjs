/* Where the tests play: two nodes with a fresh Redis, CHAT_NODES='[{"url": "http://localhost:8080", "pid": 123}, …]'. */
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { launchChromium } from './chromium.mjs';
import { Person } from './person.mjs';

export const nodes = JSON.parse(process.env.CHAT_NODES ?? '[]');
export const phone = { viewport: { width: 375, height: 812 }, hasTouch: true };
const people = [];
let browser;

/** They leave when the test ends. */
export async function joins(name, node, { room = 'lobby', ...options } = {}) {
  const person = await Person.joins(browser, `${node.url}/#${room}`, name, options);
  people.push(person);
  return person;
}

/** The same list on every page, in order, none double, none missing. */
export async function allHave(count, ...everybody) {
  await Promise.all(everybody.map((each) => each.hasExactly(count)));
  const [first, ...others] = await Promise.all(everybody.map((each) => each.messages()));
  for (const other of others) assert.deepEqual(other, first);
}

export function nobodyComplains() {
  assert.deepEqual(people.flatMap(({ name, complaints }) => complaints.map((complaint) => `${name}: ${complaint}`)), []);
}

before(async () => {
  assert.equal(nodes.length, 2, 'CHAT_NODES must name two nodes');
  browser = await launchChromium();
});

afterEach(async () => {
  await Promise.all(people.splice(0).map((person) => person.leaves()));
});

after(() => browser?.close());
