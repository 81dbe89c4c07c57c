import { byId, element } from './dom.js';

const LEGAL = /^[a-z0-9-]{1,32}$/;

/** The room that the page's address names, or undefined when it names none. */
export function roomOfAddress() {
  const name = location.hash.slice(1);
  return LEGAL.test(name) ? name : undefined;
}

/** Links to the rooms; another one is added by its name. */
export class RoomList {
  #links = new Map();
  #onNames;

  constructor(names, onNames) {
    names.forEach((name) => this.#add(name));
    this.#onNames = onNames;
    onNames(names);
    const field = byId('room');
    field.addEventListener('input', () => field.setCustomValidity(''));
    byId('other-room').addEventListener('submit', (event) => {
      event.preventDefault();
      const name = field.value.trim().toLowerCase().replaceAll(/\s+/g, '-');
      if (LEGAL.test(name)) {
        location.hash = name;
        field.value = '';
      } else {
        field.setCustomValidity('A room has 1 to 32 characters of a-z 0-9 -');
        field.reportValidity();
      }
    });
  }

  select(name) {
    if (!this.#links.has(name)) {
      this.#add(name);
      this.#onNames([...this.#links.keys()]);
    }
    for (const [each, link] of this.#links) {
      if (each === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.#links.get(name).scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  unread(name, count) {
    const link = this.#links.get(name);
    link?.querySelector('.badge')?.remove();
    if (count > 0) link?.append(badge(count));
  }

  #add(name) {
    const link = element('a', { href: `#${name}` }, name);
    this.#links.set(name, link);
    byId('rooms').append(element('li', {}, link));
  }
}

function badge(count) {
  return element('span', { class: 'badge', 'aria-label': `${count} unread`, role: 'img' }, count > 99 ? '99+' : String(count));
}
