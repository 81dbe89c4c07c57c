const ROOM = /^[a-z0-9-]{1,32}$/;

/**
 * A place is a room (`#lobby`), a talk with somebody (`#@Ann`) or the inbox (`#/inbox`). The page's address names it, so
 * that the back button works, and a link to a friend. `topic` is what one reads, `say` is where one sends.
 */
export function placeOf(hash, me) {
  const name = decoded(hash.slice(1));
  if (name === '/inbox') return inbox(me);
  if (name.startsWith('@') && name.length > 1 && name.slice(1) !== me) return talk(me, name.slice(1));
  return ROOM.test(name) ? room(name) : undefined;
}

export function room(name) {
  return { kind: 'room', name, topic: `room.${name}`, say: `/app/room/${name}/say`, hash: `#${name}` };
}

export function talk(me, name) {
  const topic = `dm.${[segment(me), segment(name)].sort().join('.')}`;
  return { kind: 'talk', name, topic, say: `/app/direct/${name}/say`, hash: `#@${encodeURIComponent(name)}` };
}

/** The user's own topic has a name, too: that is how unread counts and history are asked for. */
export function inbox(me) {
  return { kind: 'inbox', name: 'Inbox', topic: `_user.${segment(me)}.queue.notices`, hash: '#/inbox' };
}

/** As on the server: each byte that a topic may not have becomes _hh. */
function segment(name) {
  return [...new TextEncoder().encode(name)]
    .map((byte) => (/[A-Za-z0-9-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`))
    .join('');
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
