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

/** Reads what was published on a topic after a position; without one, none but the present position. */
export const readMessages = (topic, after) => request(named('messages', topic, after));

/** Reads what a user does, from the first of these requests on. */
export const readActivity = (user) => request(named('activity', user));

function named(kind, text, after) {
  const url = new URL(kind, PAGE);
  url.searchParams.set('name', text);
  if (after) url.searchParams.set('after', after);
  return url;
}

/** Reads a topic, a user, a connection or a journey; null if there is none. The name is a parameter because a path cannot carry each. */
export async function find(kind, text) {
  try {
    return await request(named(`${kind}s`, text));
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

export const disconnectUser = (commands, user, reason) => post(commands, 'disconnect', reason ? { user, reason } : { user });

export const drainNode = (commands, node) => post(commands, 'drain', { node });

export const resumeNode = (commands, node) => post(commands, 'resume', { node });

/** Has all nodes note the journeys of the topic's next messages. */
export const traceTopic = (commands, topic, messages) => post(commands, 'trace', { topic, messages });

const post = (commands, word, body) => command(new URL(`${commands.pathname}/${word}`, commands), {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

const readSettings = () => request(new URL('settings', import.meta.url));

/** The token is read anew, because a login changes it. One that is refused has no effect, so the next one is tried. */
async function command(url, options) {
  for (const token of csrfHeaders(await readSettings())) {
    try {
      return await request(url, { ...options, headers: { ...options.headers, ...token } });
    } catch (failure) {
      if (failure.status === 404 && !failure.told) throw new Failure('The endpoint of commands was not found (404).', 404);
      if (failure.status !== 403) throw failure;
    }
  }
  throw new Failure(
    'The node refused the command (403). Either you may not carry it out, or the protection against cross-site request ' +
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
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem) throw problem;
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

/** What a node says of a command that it has not carried out; undefined if it says nothing. */
async function problemOf(response) {
  try {
    const { problem } = await response.json();
    return typeof problem === 'string' ? Object.assign(new Failure(problem, response.status), { told: true }) : undefined;
  } catch {
    return undefined;
  }
}
