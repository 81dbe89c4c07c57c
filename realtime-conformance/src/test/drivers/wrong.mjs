// Drives the JavaScript client over HTTP with faults that the kit must find: node wrong.mjs DRIVER forgetful|silent
import { pathToFileURL } from 'node:url';

const [driver, fault] = process.argv.slice(2);
const { fetch } = globalThis;

/** Names that are forgotten: where the client was, and what it sends. */
const FORGOTTEN = ['position', 'lastEventId', 'id', 'type'];

const faults = {
  /** Forgets positions and ids, and takes every answer to a POST for a good one. */
  async forgetful(url, init = {}) {
    const target = new URL(url);
    for (const name of FORGOTTEN) target.searchParams.delete(name);
    const headers = new Headers(init.headers);
    headers.delete('Last-Event-ID');
    const answer = await fetch(target, { ...init, headers });
    return target.pathname.endsWith('/send') && !answer.ok ? new Response(null, { status: 204 }) : answer;
  },

  /** Has streams and polls, and gets nothing from them. */
  async silent(url, init = {}) {
    const { pathname, searchParams } = new URL(url);
    if (!/\/(sse|poll)$/.test(pathname) || !searchParams.has('topic')) return fetch(url, init);
    return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal.reason)));
  },
};

globalThis.fetch = faults[fault];
await import(pathToFileURL(driver));
