// Elements of the page. Every text goes in as a text node: names of users and topics are chosen by clients.

/** Makes an element. Attributes that are false and children that are null are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null));
  return made;
}

/** A name that cannot turn the direction of the text around it. */
export const name = (text) => element('bdi', {}, String(text));

/** A link that finds a topic, a user, a connection or a journey. */
export function link(kind, text) {
  return text == null ? undefined : element('a', { href: address(kind, text) }, name(text));
}

/** Where the page shows something. Half of a surrogate pair cannot be encoded. */
export const address = (kind, text) => `#${kind}=${encodeURIComponent(String(text).replace(/\p{Surrogate}/gu, '\uFFFD'))}`;

/** Decodes a part of an address; undefined if it is malformed. */
export function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What {@link address} has been made of; undefined if the page shows nothing in particular. */
export function parse(hash) {
  const [, kind, encoded] = /^#(any|topic|user|connection|journey)=(.+)$/s.exec(hash) ?? [];
  const text = kind && decode(encoded);
  return text && { kind, text };
}

/**
 * Makes a table, or a sentence if it would be empty. A column has a title and a function from a row to its content; on a
 * narrow screen each row is a card. The roles are repeated because the style of a card takes them away.
 */
export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return element('p', { class: 'quiet' }, empty);
  const head = columns.map((column) =>
    element('th', { scope: 'col', role: 'columnheader', class: column.number && 'number' }, column.title));
  const body = rows.map((row) => element('tr', { role: 'row' }, columns.map((column) => cell(column, column.of(row)))));
  return element('table', { role: 'table' },
    element('caption', { class: 'unseen' }, caption),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, head)),
    element('tbody', { role: 'rowgroup' }, body));
}

function cell(column, content) {
  const none = content == null || content === '';
  const kinds = [column.number && 'number', column.long && 'long', none && 'none'].filter(Boolean).join(' ');
  return element('td', { role: 'cell', 'data-title': column.title, class: kinds || undefined },
    element('span', {}, none ? '–' : content));
}

/** A list of facts: pairs of a title and its content; pairs without content are left out. */
export function facts(pairs) {
  return element('dl', { class: 'facts' }, pairs
    .filter(([, content]) => content != null)
    .map(([title, content]) => element('div', {}, element('dt', {}, title), element('dd', {}, content))));
}

/** A word that stands out; the kind is good, warn or bad. */
export const badge = (kind, text) => element('span', { class: `badge ${kind}` }, text);

/**
 * Replaces the content of an element. A link or button of it that has the focus has it again afterwards, or what has taken
 * its place, and a text that is being selected stays as it is, which the style sheet says below it.
 */
export function replace(container, ...content) {
  const selection = getSelection();
  const selecting = selection && !selection.isCollapsed && container.contains(selection.anchorNode);
  const next = element('div', {}, ...content);
  const same = container.firstElementChild?.isEqualNode(next) && container.children.length === 1;
  container.classList.toggle('kept', Boolean(selecting && !same));
  if (selecting || same) return;
  const focused = container.contains(document.activeElement) ? document.activeElement : undefined;
  container.replaceChildren(next);
  if (focused) focusAgain(container, focused);
}

/** Gives the focus to the element that is like one that was removed. */
export function focusAgain(container, removed) {
  const all = [...container.querySelectorAll('a, button, summary, [tabindex]')];
  const again = all.find((each) => each.isEqualNode(removed)) ?? all.find((each) => removed.dataset.key && each.dataset.key === removed.dataset.key);
  (again ?? container.querySelector('h3'))?.focus({ preventScroll: true });
}

const COUNT = new Intl.NumberFormat('en');

const RATE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const count = (number) => COUNT.format(number ?? 0);

export const rate = (number) => (number === undefined ? '–' : number < 100 ? RATE.format(number) : count(Math.round(number)));

export function bytes(number = 0) {
  if (number < 1024) return `${count(number)} B`;
  if (number < 1024 * 1024) return `${RATE.format(number / 1024)} KB`;
  return `${RATE.format(number / 1024 / 1024)} MB`;
}

/** A duration such as PT24H, for people. */
export const duration = (text) => String(text).replace(/^PT/, '').toLowerCase();

/** A moment in the time zone of the reader. */
export function time(text) {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return name(text);
  const two = (number) => String(number).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return element('time', { datetime: moment.toISOString() }, `${day} ${clock(moment)}`);
}

export const clock = (moment) =>
  [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
