/* A connection to each node: what one of them publishes comes back through all of them. */
import { knownNodes, openClient } from './client.js';
import { byId } from './dom.js';
import { NodeCard } from './node-card.js';
import { Path } from './path.js';
import { session } from './session.js';

const SHOWN = 5;
const mine = session();
if (!mine) location.replace('./?to=fleet.html');
else await start();

async function start() {
  const cards = new Map();
  const watched = new Set();
  const paths = new Map();
  const card = (name) => {
    if (!cards.has(name)) cards.set(name, new NodeCard(name));
    return cards.get(name);
  };

  const watch = (url) => {
    const name = `node ${new URL(url).port}`;
    if (watched.has(name)) return;
    watched.add(name);
    const client = openClient(mine, { url });
    card(name).onSend(() => {
      const path = new Path(name);
      paths.set(path.id, path);
      for (const id of [...paths.keys()].slice(0, -SHOWN)) paths.get(id).remove(), paths.delete(id);
      client.topic('fleet').publish('', { id: path.id, destination: '/app/fleet/probe' }).catch((error) => path.failed(error));
    });
    client.onState((state) => card(name).connection(state, client.transport));
    client.topic('fleet').subscribe((message) => {
      if (message.type === 'probe') paths.get(message.id)?.received(name, message);
      else {
        card(message.payload.node).report(message);
        watch(message.payload.url);
      }
    }, { rewind: 10 });
  };

  (await knownNodes(mine)).forEach(watch);
  setInterval(() => cards.forEach((each) => each.tick()), 1_000);
  byId('nodes').dataset.ready = 'true';
}
