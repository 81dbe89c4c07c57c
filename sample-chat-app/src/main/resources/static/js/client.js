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

/** Forgets who I am, and asks again. */
export function leave() {
  forget();
  location.reload();
}

function webSocketOf({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/realtime`;
}
