/** Small help with elements. Text is always set as text, so nobody's message can become markup. */

export const byId = (id) => document.getElementById(id);

/** An element with attributes (`class`, `data-…`, `type`, …) and children, which are elements or text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A disc with the first letter of the name; its colour is the name's own. */
export function avatar(name) {
  const hue = [...name].reduce((hash, char) => (hash * 31 + char.codePointAt(0)) % 9973, 7) % 8;
  const letter = [...name][0]?.toUpperCase() ?? '?';
  return element('span', { class: 'avatar', 'data-hue': hue, 'aria-hidden': 'true' }, letter);
}
