/* What the server answers over HTTP, checked before anything is made of it: a proxy may answer in its place. */
import { isObject, isPosition } from './checks.js';
import { RealtimeError } from './errors.js';

/** Of the whole answer, in characters; the server's largest page is smaller. */
export const MAX_DOCUMENT = 64 * 1024 * 1024;

type Shape = (value: unknown) => boolean;

const num = Number.isSafeInteger;
const named = (value: unknown, name: string): value is Record<string, unknown> => isObject(value) && typeof value[name] === 'string';
const each = (value: unknown, shape: Shape): boolean => Array.isArray(value) && value.every(shape);
const isRead: Shape = (value) => named(value, 'topic') && named(value, 'epoch') && num(value['unread']) && num(value['read']);

/** By what each is called in an error. */
export const SHAPES = {
  page: (value) => named(value, 'epoch') && num(value['through']) && num(value['latest'])
    && each(value['messages'], (message) => isObject(message) && num(message['seq'])),
  presence: (value) => isObject(value) && num(value['count']) && each(value['members'], (member) => named(member, 'user')),
  snapshot: (value) => isPosition(value) && 'state' in value,
  unread: (value) => each(value, isRead),
  read: isRead,
  poll: (value) => named(value, 'position') && each(value['events'], (event) => named(event, 'event')),
  send: isPosition,
  ticket: (value) => named(value, 'ticket') && /^[\w-]+$/.test(value['ticket'] as string),
} satisfies Record<string, Shape>;

/** The body as the document that was asked for; rejects with a `RealtimeError` of kind `document` when it is none. */
export async function documentOf<R>(response: Response, shape: keyof typeof SHAPES): Promise<R> {
  const text = await textOf(response);
  const value = jsonOf(text);
  if ((SHAPES[shape] as Shape)(value)) return value as R;
  const type = response.headers.get('Content-Type') ?? 'no type';
  throw new RealtimeError('document', `The answer (HTTP ${response.status}, ${type}) is not the ${shape} document that was asked for: ${text ? JSON.stringify(text.slice(0, 80)) : 'it is empty'}`);
}

/** Whether it comes from the server itself, not from a proxy or a captive portal before it. */
export function isOurs({ status, headers }: Response): boolean {
  return status === 204 || /^application\/(problem\+)?json/.test(headers.get('Content-Type') ?? '');
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Stops reading at the bound. */
export async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader?.();
  if (!reader) return response.text(); // React Native
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
    if (text.length <= MAX_DOCUMENT) continue;
    void reader.cancel().catch(() => undefined);
    throw new RealtimeError('document', `The answer is longer than ${MAX_DOCUMENT} characters`);
  }
}
