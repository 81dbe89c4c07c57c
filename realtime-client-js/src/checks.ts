/* What a caller may pass, checked when it is passed: a wrong value is an error with a sentence, before it does harm. */

/** No wait is longer, milliseconds: timers overflow at 2^31 and then fire at once. */
export const MAX_WAIT_MS = 86_400_000;

/** What is allowed, in words and in code, and the characters that its texts must not have. */
export type Check = readonly [allowed: string, holds: (value: unknown) => boolean, refused?: RegExp];

export type Checks = Readonly<Record<string, Check>>;

/** NUL would end the frame that it is sent in, and the connection with it. */
const NUL = /\0/;
/** CONNECT has no escapes: a line break would begin another header. */
const BREAKS = /[\0\r\n]/;

const is = (type: string) => (value: unknown): boolean => typeof value === type;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPosition(value: unknown): value is { epoch: string; seq: number } {
  return isObject(value) && typeof value['epoch'] === 'string' && Number.isSafeInteger(value['seq']) && Number(value['seq']) >= 0;
}

function isPattern(value: unknown): boolean {
  return typeof value === 'string' && value.includes('*');
}

export const BOOLEAN: Check = ['true or false', is('boolean')];
export const STRING: Check = ['a string', is('string'), NUL];
export const LINE: Check = ['a string', is('string'), BREAKS];
export const NAME: Check = ['a string that is not empty', (value) => typeof value === 'string' && value !== '', NUL];
/** What is subscribed to by its name: the server takes an asterisk for a wildcard. */
export const ONE_TOPIC: Check = ['a name without the wildcard * (for patterns there is topics())', (value) => !isPattern(value)];
export const PATTERN: Check = ['a name with the wildcard *, such as price.* (topic() takes a single name)', isPattern];
export const FUNCTION: Check = ['a function', is('function')];
export const OBJECT: Check = ['an object', isObject];
export const STRINGS: Check = ['an object of strings', (value) => isObject(value) && Object.values(value).every(is('string')), NUL];
export const LINES: Check = [STRINGS[0], STRINGS[1], BREAKS];
export const POSITION: Check = ['a position {epoch, seq}', isPosition, NUL];

export function whole(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return [`a whole number from ${min} to ${max}`, (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max];
}

export function listOf([allowed, holds]: Check): Check {
  return [`a list whose elements are each ${allowed}`, (value) => Array.isArray(value) && value.every(holds)];
}

const TOKEN: Check = ['a string or a function', (value) => typeof value === 'string' || typeof value === 'function', NUL];

/** Of every subscription. */
export const SUBSCRIBE: Checks = {
  token: TOKEN,
  position: POSITION, rewind: whole(0, 1_000_000), headers: STRINGS, snapshot: FUNCTION,
  onRecovered: FUNCTION, onGap: FUNCTION, onLeftOut: FUNCTION, onSignal: FUNCTION, onError: FUNCTION,
};

/** Throws a `TypeError` unless it holds; a secret is not in its message. */
export function check(name: string, value: unknown, [allowed, holds, refused]: Check): void {
  if (!holds(value)) throw new TypeError(`${name} must be ${allowed}, not ${/pass|token/.test(name) ? typeof value : shown(value)}`);
  const [bad] = refused?.exec(typeof value === 'string' ? value : Object.entries(value as object).flat().join('')) ?? [];
  if (bad !== undefined) throw new TypeError(`${name} must not contain ${JSON.stringify(bad)}`);
}

/** Checks what is given of the options. */
export function checkAll(name: string, options: unknown, checks: Checks): void {
  check(name, options, OBJECT);
  for (const [option, rule] of Object.entries(checks)) {
    const value = (options as Record<string, unknown>)[option];
    if (value !== undefined) check(`Option ${option}`, value, rule);
  }
}

const ABSENT: Check = ['left out for a pattern', () => false];

/** Of a pattern's subscription. */
const PATTERN_SUBSCRIBE: Checks = { ...SUBSCRIBE, position: ABSENT, rewind: ABSENT, snapshot: ABSENT, onLive: FUNCTION };

export function checkPatternSubscribe(handler: unknown, options: unknown): void {
  check('The handler', handler, FUNCTION);
  checkAll('The options of subscribe', options, PATTERN_SUBSCRIBE);
}

/** Throws a `TypeError` in the server's words unless each wildcard is a whole segment. */
export function checkPattern(pattern: unknown): void {
  check('A pattern', pattern, NAME);
  check('A pattern', pattern, PATTERN);
  const segments = (pattern as string).split((pattern as string).includes('/') ? '/' : '.');
  segments.forEach((segment, i) => {
    const tail = segment === '**' && i === segments.length - 1;
    if (!tail && segment !== '*' && isPattern(segment)) {
      throw new TypeError(`Illegal topic name ${shown(pattern)}: * stands for one whole segment and a final ** for one or more, but segment ${shown(segment)} is neither`);
    }
  });
}

export function checkSubscribe(handler: unknown, options: unknown): void {
  check('The handler', handler, FUNCTION);
  checkAll('The options of subscribe', options, SUBSCRIBE);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return `[${value.slice(0, 5).map(shown)}]`;
  return typeof value === 'object' && value !== null ? 'an object' : typeof value === 'function' ? 'a function' : String(value);
}
