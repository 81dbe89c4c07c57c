import { byId } from './dom.js';
import { knownNodes, leave, openClient } from './client.js';
import { ConnectionView } from './connection-view.js';
import { Conversation, entitle } from './conversation.js';
import { Inbox } from './inbox.js';
import { Notifications } from './notifications.js';
import { Outgoing } from './outgoing.js';
import { placeOf, room, talk } from './places.js';
import { Reading } from './reading.js';
import { joined } from './session.js';
import { Sidebar } from './sidebar.js';

const config = await (await fetch('/chat/config')).json();
const session = await joined();
const me = session.name;
const client = openClient(session, { servers: await knownNodes(session) });
const connection = new ConnectionView();
const notifications = new Notifications(session);
const outgoing = new Outgoing(client, me);
const reading = new Reading(client, (topic, count) => {
  sidebar.unread(topic, count);
  showTitle();
});
const sidebar = new Sidebar(me, config.rooms, (topics) => reading.watch(topics));
const inbox = new Inbox(client, me, reading, noticed);
let place;
let conversation;

client.onState((state, detail = {}) => {
  connection.show(state, { ...detail, transport: client.transport });
  conversation?.connectionIs(state);
});
client.onUser('/app/node', ({ payload }) => connection.showNode(payload.name));
client.onUser('/user/queue/errors', ({ payload }) => outgoing.refused(payload));
// Nothing is ever said on it: who subscribes is present, and that makes the dots.
client.topic('people').subscribe(() => {});
client.topic('people').watchPresence({ onChange: (members) => sidebar.online(members) });

byId('me').textContent = me;
byId('leave').addEventListener('click', async () => {
  await notifications.end();
  await client.close();
  leave();
});
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('text').focus();
});
byId('chat').hidden = false;
addEventListener('hashchange', enter);
enter();

function enter() {
  const next = placeOf(location.hash, me) ?? room(config.rooms[0]);
  if (place?.topic === next.topic) return;
  conversation?.leave();
  place = next;
  sidebar.select(place);
  inbox.open = place.kind === 'inbox';
  byId('inbox').hidden = !inbox.open;
  byId('talk').hidden = inbox.open;
  entitle(place);
  conversation = inbox.open ? undefined : new Conversation(client, place, me, { reading, outgoing });
  inbox.seen();
  showTitle();
  // On a phone a focused field brings the keyboard, which nobody asked for.
  if (inbox.open) byId('inbox-title').focus();
  else if (!matchMedia('(pointer: coarse)').matches) byId('text').focus();
}

/** Says whether I see it already. */
function noticed({ from, room: where, text }, { isNew }) {
  const about = where ? room(where) : talk(me, from);
  sidebar.add(about);
  const seen = place?.topic === about.topic && !document.hidden;
  if (isNew && !seen) byId('announcement').textContent = `${from} ${where ? `mentioned you in ${where}` : 'wrote to you'}: ${text}`;
  return seen;
}

function showTitle() {
  const count = sidebar.unreadCount;
  document.title = `${count ? `(${count}) ` : ''}${place?.name ?? ''} · Chat`;
}
