import { byId } from './dom.js';

const SUPPORTED = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
const OWNER = 'notified';
const PATIENCE = 10_000;

// Before a user has joined, too: the worker has found this page, and names a conversation.
if (SUPPORTED) navigator.serviceWorker.addEventListener('message', ({ data }) => (location.hash = data.hash));

/**
 * The switch "Notify me when I am away". A browser has one subscription for all its tabs, which belongs to the user who
 * switched it on last, and ends when they leave. Where the browser has no push, there is no switch.
 */
export class Notifications {
  #me;
  #token;
  #button = byId('notify');

  constructor({ name, token }) {
    this.#me = name;
    this.#token = token;
    if (!SUPPORTED) return;
    this.#button.hidden = false;
    this.#button.addEventListener('click', () => this.#turn(!this.#isOn));
    addEventListener('storage', () => this.#show());
    this.#show();
    // The browser may have renewed its subscription since the last visit, and the server may have new keys.
    if (this.#isOn) void this.#turn(true);
  }

  /** The next user of this browser must not see what is written to me. */
  async end() {
    if (this.#isOn) await this.#turn(false);
  }

  get #isOn() {
    return SUPPORTED && localStorage.getItem(OWNER) === this.#me && Notification.permission === 'granted';
  }

  async #turn(on) {
    this.#button.disabled = true;
    let problem = '';
    try {
      await (on ? this.#subscribe() : this.#unsubscribe());
    } catch (error) {
      problem = error.message;
    }
    this.#button.disabled = false;
    this.#show(problem);
  }

  async #subscribe() {
    if ((await Notification.requestPermission()) !== 'granted') {
      throw new Error('This browser blocks notifications of this page. Its settings for the page can allow them.');
    }
    await navigator.serviceWorker.register('push-worker.js');
    const { pushManager } = await navigator.serviceWorker.ready;
    const { publicKey } = await this.#call('GET', 'key');
    await this.#call('PUT', 'subscription', await subscribed(pushManager, publicKey));
    localStorage.setItem(OWNER, this.#me);
  }

  async #unsubscribe() {
    localStorage.removeItem(OWNER);
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager.getSubscription();
    if (!subscription) return;
    // From here on nothing is shown, whether or not the server can be told.
    await subscription.unsubscribe();
    await this.#call('DELETE', 'subscription', subscription);
  }

  async #call(method, path, body) {
    const answer = await fetch(`/push/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.detail ?? `The server has answered ${answer.status}`);
    return said;
  }

  #show(problem = '') {
    this.#button.setAttribute('aria-checked', this.#isOn);
    byId('notify-problem').textContent = problem;
    byId('notify-problem').hidden = !problem;
  }
}

async function subscribed(manager, applicationServerKey) {
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    return await manager.subscribe(options);
  } catch (error) {
    if (error.name !== 'InvalidStateError') throw error;
    // Subscribed with a key that the server no longer has.
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe(options);
  }
}
