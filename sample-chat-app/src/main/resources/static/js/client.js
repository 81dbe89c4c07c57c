import { connect } from '/realtime/realtime-client.js';

/** One client for the whole page. The token goes with every connection and every request. */
export function openClient({ token }, { url = webSocketOf(location), servers } = {}) {
  return connect({ url, servers, token: async () => token });
}

function webSocketOf({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/realtime`;
}
