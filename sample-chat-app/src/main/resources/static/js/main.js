import { connect } from '/realtime/realtime-client.js';
import { byId } from './dom.js';
import { ConnectionView } from './connection-view.js';
import { forgetName, nameOfVisitor } from './name.js';
import { Room } from './room.js';
import { roomOfAddress, RoomList } from './room-list.js';
import { Unread } from './unread.js';

const config = await (await fetch('/chat/config')).json();
const me = await nameOfVisitor();
const client = connect({ url: webSocketOf(location), servers: config.nodes, login: me });
const connection = new ConnectionView();
const unread = new Unread(client, (name, count) => rooms.unread(name, count));
const rooms = new RoomList(config.rooms, (names) => unread.watch(names));
let room;

client.onState((state, detail) => {
  connection.show(state, detail);
  room?.connectionIs(state);
});
client.onUser('/app/node', ({ payload }) => connection.showNode(payload.name));
client.onUser('/user/queue/errors', ({ payload }) => room?.refused(payload));

byId('me').textContent = me;
byId('leave').addEventListener('click', async () => {
  await client.close();
  forgetName();
  location.reload();
});
byId('chat').hidden = false;
addEventListener('hashchange', enterRoom);
enterRoom();
byId('text').focus();

/** The address names the room, so that the back button and a link to a friend work. */
function enterRoom() {
  const name = roomOfAddress() ?? config.rooms[0];
  rooms.select(name);
  if (room?.name === name) return;
  room?.leave();
  room = new Room(client, name, me);
}

function webSocketOf({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/realtime`;
}
