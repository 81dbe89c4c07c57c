import { byId, element } from './dom.js';
import { inbox, room, talk } from './places.js';

const MOST_TALKS = 30;

/** Links to all places, with what is unread and, for people, whether they are here. */
export class Sidebar {
  #me;
  #links = new Map();
  #counts = new Map();
  #online = new Set();
  #onTopics;

  constructor(me, rooms, onTopics) {
    this.#me = me;
    const mine = inbox(me);
    this.#links.set(mine.topic, { place: mine, link: byId('inbox-link') });
    rooms.forEach((name) => this.#add(room(name)));
    talksOf(me).forEach((name) => this.#add(talk(me, name)));
    this.#onTopics = onTopics;
    onTopics(this.topics);
    joinForm();
  }

  get topics() {
    return [...this.#links.keys()];
  }

  /** What is unread everywhere, for the page's title. */
  get unreadCount() {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  select(place) {
    this.add(place);
    for (const { place: each, link } of this.#links.values()) {
      if (each.topic === place.topic) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.#keepInView();
  }

  add(place) {
    if (this.#links.has(place.topic)) return;
    this.#add(place);
    if (place.kind === 'talk') remember(this.#me, place.name);
    this.#onTopics(this.topics);
  }

  unread(topic, count) {
    this.#counts.set(topic, count);
    const link = this.#links.get(topic)?.link;
    link?.querySelector('.badge')?.remove();
    if (count > 0) link?.append(badge(count));
    this.#keepInView();
  }

  online(names) {
    this.#online = new Set(names);
    for (const { place, link } of this.#links.values()) {
      if (place.kind === 'talk') showDot(link.querySelector('.dot'), this.#online.has(place.name));
    }
  }

  isOnline(name) {
    return this.#online.has(name);
  }

  #keepInView() {
    const present = document.querySelector('.places a[aria-current]');
    if (present !== document.activeElement) present?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #add(place) {
    const label = element('span', { class: 'label' }, place.name);
    const link = element('a', { href: place.hash, 'data-topic': place.topic }, label);
    if (place.kind === 'talk') link.prepend(showDot(element('span', { class: 'dot' }), this.#online.has(place.name)));
    this.#links.set(place.topic, { place, link });
    byId(place.kind === 'talk' ? 'talks' : 'rooms').append(element('li', {}, link));
    byId('talks-title').hidden = byId('talks').childElementCount === 0;
  }
}

/** Green or grey, and a word for those who see neither. */
function showDot(dot, online) {
  dot.dataset.online = online;
  dot.replaceChildren(element('span', { class: 'unseen' }, online ? 'online: ' : 'offline: '));
  return dot;
}

function badge(count) {
  const text = count > 99 ? '99+' : String(count);
  return element('span', { class: 'badge', 'data-count': count }, text, element('span', { class: 'unseen' }, ' unread'));
}

function talksOf(me) {
  return JSON.parse(localStorage.getItem(`talks of ${me}`) ?? '[]');
}

function remember(me, name) {
  const names = [name, ...talksOf(me).filter((each) => each !== name)].slice(0, MOST_TALKS);
  localStorage.setItem(`talks of ${me}`, JSON.stringify(names));
}

function joinForm() {
  const field = byId('room');
  field.addEventListener('input', () => field.setCustomValidity(''));
  byId('other-room').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = field.value.trim().toLowerCase().replaceAll(/\s+/g, '-');
    if (/^[a-z0-9-]{1,32}$/.test(name)) {
      location.hash = name;
      field.value = '';
    } else {
      field.setCustomValidity('A room has 1 to 32 characters of a-z 0-9 -');
      field.reportValidity();
    }
  });
}
