// Requests to the actuator's endpoints, always as the user who has loaded the page.
import { decode } from './elements.js';

const PAGE = new URL('..', import.meta.url);

/** The endpoint below which the page is. */
const ENDPOINT = new URL(PAGE.pathname.replace(/\/$/, ''), PAGE);

const LONGEST = 15_000;

/** Why a request failed, in a sentence for the reader. */
export class Failure extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export const readNodes = () => request(ENDPOINT);

/** Reads one of recent and top. */
export const readList = (kind) => request(new URL(kind, PAGE));

/** Reads a topic, a user or a connection; null if there is none. The name is a parameter because a path cannot carry each. */
export async function find(kind, text) {
  const url = new URL(`${kind}s`, PAGE);
  url.searchParams.set('name', text);
  try {
    return await request(url);
  } catch (failure) {
    if (failure.status === 404) return null;
    throw failure;
  }
}

/** Returns the endpoint of commands if it is there and this user may at least read it; undefined otherwise. */
export async function findCommands() {
  const { sessions } = await readSettings();
  if (!sessions || window.top !== window.self) return undefined; // Another page might lead clicks into a frame.
  const url = new URL(sessions, PAGE);
  try {
    const probe = new URL(url);
    probe.searchParams.set('limit', '1');
    await request(probe);
    return url;
  } catch {
    return undefined;
  }
}

export function disconnectConnection(commands, id, reason) {
  if (/^\.{1,2}$/.test(id)) throw new Failure('A connection cannot have this id.');
  const url = new URL(`${commands.pathname}/${encodeURIComponent(id)}`, commands);
  if (reason) url.searchParams.set('reason', reason);
  return command(url, { method: 'DELETE' });
}

export function disconnectUser(commands, user, reason) {
  return command(new URL(`${commands.pathname}/disconnect`, commands), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(reason ? { user, reason } : { user }),
  });
}

const readSettings = () => request(new URL('settings', import.meta.url));

/** The token is read anew, because a login changes it. One that is refused has no effect, so the next one is tried. */
async function command(url, options) {
  for (const token of csrfHeaders(await readSettings())) {
    try {
      return await request(url, { ...options, headers: { ...options.headers, ...token } });
    } catch (failure) {
      if (failure.status === 404) throw new Failure('The endpoint of commands was not found (404).', 404);
      if (failure.status !== 403) throw failure;
    }
  }
  throw new Failure(
    'The node refused the command (403). Either you may not disconnect clients, or the protection against cross-site request ' +
      'forgery did not accept this page: reload it and try again.', 403);
}

/** Spring Security keeps the token in the session, or in a cookie that pages read. */
function csrfHeaders({ csrf }) {
  const [, cookie] = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie) ?? [];
  const headers = [];
  if (cookie) headers.push({ [csrf?.header ?? 'X-XSRF-TOKEN']: decode(cookie) ?? cookie });
  if (csrf) headers.push({ [csrf.header]: csrf.token });
  return headers.length > 0 ? headers : [{}];
}

async function request(url, { headers, ...options } = {}) {
  let response;
  try {
    response = await fetch(url, {
      ...options,
      headers: { Accept: 'application/json', ...headers },
      cache: 'no-store',
      redirect: 'manual', // To a form of login, which is no answer.
      signal: AbortSignal.timeout(LONGEST),
    });
  } catch {
    throw new Failure('The node does not answer.');
  }
  if (response.type === 'opaqueredirect' || response.status === 401) {
    throw new Failure('You are not logged in any more. Reload the page to log in.', 401);
  }
  if (response.status === 404) throw new Failure('The endpoint was not found (404).', 404);
  if (response.status === 403) throw new Failure('You may not read this (403).', 403);
  if (response.status === 400) throw new Failure('The node does not accept this name or value (400).', 400);
  if (!response.ok) throw new Failure(`The node answered with an error (${response.status}). Its log says why.`, response.status);
  try {
    return await response.json();
  } catch {
    throw new Failure('The answer is not JSON. If your login has ended, reload the page.');
  }
}
