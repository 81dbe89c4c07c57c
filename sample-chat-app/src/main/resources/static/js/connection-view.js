import { byId } from './dom.js';

/** Shows whether we are connected, to which node and how, and what happens next when we are not. */
export class ConnectionView {
  #timer;

  show(state, { reason, retryInMs, transport } = {}) {
    byId('connection').dataset.state = state;
    byId('connection-state').textContent = state;
    byId('connection-transport').textContent = ['connecting', 'recovering', 'live'].includes(state) ? transport ?? '' : '';
    if (state !== 'live') this.showNode('');
    const text = bannerText(state, reason);
    byId('banner').hidden = !text;
    byId('banner').dataset.state = state;
    byId('banner-text').textContent = text;
    this.#countDown(text ? retryInMs : undefined);
  }

  showNode(name) {
    byId('connection-node').textContent = name;
  }

  #countDown(ms) {
    clearInterval(this.#timer);
    byId('banner-countdown').textContent = '';
    if (ms === undefined) return;
    const until = Date.now() + ms;
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      byId('banner-countdown').textContent = seconds > 0 ? `in ${seconds} s` : 'now';
      if (seconds === 0) clearInterval(this.#timer);
    };
    this.#timer = setInterval(tick, 250);
    tick();
  }
}

function bannerText(state, reason) {
  switch (state) {
    case 'connecting':
      return 'Connecting …';
    case 'recovering':
      return 'Connected. Loading missed messages …';
    case 'offline':
      return 'Offline. Your messages are sent when the connection is back. Next attempt';
    case 'closed':
      return `Closed${reason ? `: ${reason}` : ''}. Reload the page to reconnect.`;
    default:
      return reason === 'draining' ? 'This node is shutting down. Moving to another node' : '';
  }
}
