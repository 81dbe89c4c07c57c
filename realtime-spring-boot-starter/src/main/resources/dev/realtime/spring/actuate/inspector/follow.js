// Follows one topic or user: asks what has happened since the last answer, again and again.
import { element, link, name, time, badge, bytes, count, table } from './elements.js';
import { readActivity, readMessages } from './requests.js';
import { heading, journeys, missing } from './views.js';

/** Nobody reads longer than this; forgotten pages ask no more. */
const LONGEST = 10 * 60_000;

/** Rows that are kept, the latest. */
const MOST = 100;

/** Begins at the present position. */
export const begin = (kind, text) =>
  ({ kind, text, since: new Date().toISOString(), until: performance.now() + LONGEST, rows: [], known: new Map(), answer: {} });

export const isOver = (followed) => performance.now() > followed.until;

/** Asks once. */
export async function readOn(followed) {
  const fresh = followed.kind === 'topic' ? await readTopic(followed) : await readUser(followed);
  followed.rows = [...fresh.reverse(), ...followed.rows].slice(0, MOST);
}

async function readTopic(followed) {
  const answer = await readMessages(followed.text, followed.next);
  const rows = [];
  if (answer.newEpoch) rows.push({ note: 'The numbering of the topic has begun anew. Messages before this may be missing.' });
  if (answer.skipped > 0) rows.push({ note: `${count(answer.skipped)} messages came too fast to be listed, or are not kept.` });
  followed.next = answer.next;
  return [...rows, ...answer.messages];
}

/** Each node numbers what the user does there, and begins anew when it was not asked for some time. */
async function readUser(followed) {
  const answer = await readActivity(followed.text);
  followed.answer = { ...answer, problems: answer.nodes.filter((node) => node.problem) };
  const rows = [];
  for (const { node, since, events = [] } of answer.nodes) {
    const known = followed.known.get(node);
    const last = known?.since === since ? known.n : 0;
    if (known && known.since !== since) rows.push({ node, note: 'The node did not follow the user for some time.' });
    const fresh = events.filter((event) => event.n > last);
    const lost = fresh.length > 0 ? fresh[0].n - last - 1 : 0;
    if (lost > 0) rows.push({ node, note: `${count(lost)} events came too fast to be listed.` });
    rows.push(...fresh.map((event) => ({ ...event, node })));
    if (since) followed.known.set(node, { since, n: events.at(-1)?.n ?? 0 });
  }
  return rows.sort((one, other) => String(one.time ?? '').localeCompare(String(other.time ?? '')));
}

/** What is shown of it. */
export function view(followed, stop) {
  const topic = followed.kind === 'topic';
  return [
    heading(topic ? 'Topic' : 'User', followed.text, followed.ended ? [] : [{ label: 'Stop following', run: stop }]),
    element('p', { class: 'quiet' }, 'Since ', time(followed.since),
      followed.ended ? `. ${followed.ended}` : topic ? ', on all nodes. Payloads are not shown.' : ', on all nodes.'),
    followed.problem && element('p', { class: 'warning' }, followed.problem),
    topic ? messages(followed.rows) : activity(followed.rows),
    missing(followed.answer),
  ];
}

const messages = (rows) => table('Messages, the latest first', [
  { title: 'Number', number: true, of: (row) => row.seq && count(row.seq) },
  { title: 'Time', of: (row) => row.time && time(row.time) },
  { title: 'Size', number: true, of: (row) => (row.note ? undefined : bytes(row.bytes)) },
  { title: 'Type', of: (row) => row.type && name(row.type) },
  { title: 'Id', long: true, of: (row) => row.note ?? (row.id && name(row.id)) },
  ...journeys(rows),
], rows, 'Nothing was published yet.');

const KINDS = { subscribed: 'good', unsubscribed: 'warn', closing: 'bad', disconnected: 'bad' };

const activity = (rows) => table('What the user does, the latest first', [
  { title: 'Time', of: (row) => row.time && time(row.time) },
  { title: 'Event', of: (row) => row.event && badge(KINDS[row.event] ?? 'warn', row.event) },
  { title: 'Topic or reason', long: true, of: (row) => row.note ?? (row.topic ? link('topic', row.topic) : row.reason && name(row.reason)) },
  { title: 'Connection', long: true, of: (row) => link('connection', row.connection) },
  { title: 'Node', long: true, of: (row) => row.node && name(row.node) },
], rows, 'Nothing has happened yet.');
