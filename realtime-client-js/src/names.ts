/* Names of topics and destinations below /topic: the same text, except where that has the form of a reserved name. */

/** `_word.…`, with one or more underscores. */
const FORM = /^_+[A-Za-z0-9-][\w-]*\./;
/** With one underscore: a topic below another prefix, such as `_queue.orders`. */
const RESERVED = /^_(-|(?=[A-Za-z0-9]))([\w-]*)\.(.*)/s;
const PRESENCE = '_presence.';
const PREFIX = '/topic/';

/** The topic's name, or undefined where the destination is not one below `/topic`. */
export function nameOf(destination: string): string | undefined {
  return destination.startsWith(PREFIX) ? named(destination.slice(PREFIX.length)) : undefined;
}

/** The destination of the topic with this name. */
export function destinationOf(name: string): string {
  const base = baseOf(name);
  if (base !== undefined) return PREFIX + PRESENCE + spelled(base);
  const [, , word, rest] = RESERVED.exec(name) ?? [];
  return word === undefined ? PREFIX + spelled(name) : `/${decodeURIComponent(word.replace(/_([\da-f]{2})/g, '%$1'))}/${rest}`;
}

/** The name of the topic with this destination, which matches the pattern. */
export function nameLike(pattern: string, destination: string): string {
  const behind = (text: string, separator: string, from = 0): number => text.indexOf(separator, from) + 1;
  return nameOf(destination) ?? pattern.slice(0, behind(pattern, '.')) + destination.slice(behind(destination, '/', 1));
}

/** As an item of a list in one header. */
export const encodeName = encodeURIComponent;
export const decodeName = decodeURIComponent;

function named(text: string): string {
  const base = baseOf(text);
  if (base !== undefined) return PRESENCE + named(base);
  return FORM.test(text) ? `_${text}` : text;
}

function spelled(name: string): string {
  return name.startsWith('__') && FORM.test(name) ? name.slice(1) : name;
}

function baseOf(text: string): string | undefined {
  return text.startsWith(PRESENCE) ? text.slice(PRESENCE.length) : undefined;
}
