/*
 * Notifications for those who are away. Headless Chromium has no push service and shows no notifications: what these would answer
 * is made here. The worker, its push event, and the server are real.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joins, nobodyComplains, nodes } from './scene.mjs';

const [one] = nodes;
const permissions = ['notifications'];
const SWITCH = { name: 'Notify me when I am away' };

const saved = (page, method) => page.waitForResponse((answer) => answer.url().endsWith('/push/subscription') && answer.request().method() === method);

test('the switch registers the browser, stays on, and ends when one leaves', { timeout: 60_000 }, async () => {
  const { page } = await joins('Pam', one, { permissions, before: pretendPushService });
  const notify = page.getByRole('switch', SWITCH);
  assert.equal(await notify.getAttribute('aria-checked'), 'false');
  const [put] = await Promise.all([saved(page, 'PUT'), notify.click()]);
  assert.equal(put.status(), 204);
  assert.equal(JSON.parse(put.request().postData()).endpoint, 'https://fcm.googleapis.com/fcm/send/of-this-test');
  await page.locator('#notify[aria-checked="true"]').waitFor();
  assert.match(await page.evaluate(() => window.subscribedWith), /^[\w-]{87}$/, 'with the key of the server');
  const [again] = await Promise.all([saved(page, 'PUT'), page.reload()]);
  assert.equal(again.status(), 204);
  await page.locator('#notify[aria-checked="true"]').waitFor();
  const [gone] = await Promise.all([saved(page, 'DELETE'), page.locator('#leave').click()]);
  assert.equal(gone.status(), 204);
  nobodyComplains();
});

test('what is pushed is shown, and a click opens the conversation', { timeout: 60_000 }, async () => {
  const { page } = await joins('Pat', one, { permissions, before: pretendPushService });
  await Promise.all([saved(page, 'PUT'), page.getByRole('switch', SWITCH).click()]);
  const data = JSON.stringify({ title: 'Ann Lee wrote to you', text: 'Are you there?', conversation: '@Ann Lee', unread: 2 });
  const [worker] = page.context().serviceWorkers();
  await worker.evaluate(() => {
    self.registration.showNotification = async (title, { body, data }) => (self.shown = { title, body, data });
  });
  await push(page, data);
  const shown = await worker.evaluate(async () => {
    while (!self.shown) await new Promise((resolve) => setTimeout(resolve, 10));
    return self.shown;
  });
  assert.deepEqual(shown, { title: 'Ann Lee wrote to you · 2 unread', body: 'Are you there?', data: { hash: '#@Ann%20Lee' } });
  await worker.evaluate(() => {
    const notification = { data: self.shown.data, close: () => {} };
    self.dispatchEvent(Object.assign(new ExtendableEvent('notificationclick'), { notification }));
  });
  await page.locator('#talks a[aria-current]:has-text("Ann Lee")').waitFor();
  await Promise.all([saved(page, 'DELETE'), page.getByRole('switch', SWITCH).click()]);
  await page.locator('#notify[aria-checked="false"]').waitFor();
  nobodyComplains();
});

test('who has denied notifications learns why there are none', { timeout: 60_000 }, async () => {
  const { page } = await joins('Peg', one, { before: denyNotifications });
  await page.getByRole('switch', SWITCH).click();
  await page.locator('#notify-problem:has-text("blocks notifications")').waitFor();
  assert.equal(await page.locator('#notify').getAttribute('aria-checked'), 'false');
  nobodyComplains();
});

test('without push in the browser there is no switch', { timeout: 60_000 }, async () => {
  const { page } = await joins('Pia', one, { before: haveNoPush });
  await page.locator('#notify').waitFor({ state: 'hidden' });
  nobodyComplains();
});

/** As the browser does when its push service has a message. */
async function push(page, data) {
  const tools = await page.context().newCDPSession(page);
  const registrationId = new Promise((resolve) => {
    tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => first && resolve(first.registrationId));
  });
  await tools.send('ServiceWorker.enable');
  await tools.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId: await registrationId, data });
}

/* These run in the page, before its scripts. */

function pretendPushService() {
  Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
  const keys = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  };
  const subscription = { endpoint: 'https://fcm.googleapis.com/fcm/send/of-this-test', expirationTime: null, keys, unsubscribe: async () => true };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    window.subscribedWith = applicationServerKey;
    return subscription;
  };
  PushManager.prototype.getSubscription = async () => subscription;
}

function denyNotifications() {
  Notification.requestPermission = async () => 'denied';
}

function haveNoPush() {
  delete window.PushManager;
}
