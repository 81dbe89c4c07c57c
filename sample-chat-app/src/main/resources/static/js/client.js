import { connect } from '/realtime/realtime-client.js';
import { forget } from './session.js';

/** One client for the whole page. The token goes with HTTP requests; the client fetches a ticket with it for each connection. */
export function openClient({ token }, { url = webSocketOf(location), servers } = {}) {
  const client = connect({ url, servers, auth: 'ticket', token: async () => token });
  client.onState((state, { reason } = {}) => {
    // The token is not good any more: log in again.
    if (reason === 'unauthorized') leave();
  });
  return client;
}

/** The addresses of the nodes that reported within the last minute, after that of the node that served this page. */
export async function knownNodes({ token }) {
  const answer = await fetch('/realtime/topics/fleet/messages?limit=20', { headers: { authorization: `Bearer ${token}` } });
  const { messages } = answer.ok ? await answer.json() : { messages: [] };
  return [...new Set([webSocketOf(location), ...messages.flatMap(({ payload }) => payload.url ?? [])])];
}

/** Forgets who I am, and asks again. */
export function leave() {
  forget();
  location.reload();
}

function webSocketOf({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/realtime`;
}
