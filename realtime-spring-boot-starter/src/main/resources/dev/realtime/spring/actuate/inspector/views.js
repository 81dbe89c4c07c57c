// What the endpoint's answers look like.
import { badge, bytes, count, duration, element, facts, link, name, rate, table, time } from './elements.js';

const sum = (nodes, member) => nodes.reduce((total, node) => total + (node[member] ?? 0), 0);

/** The numbers at the top. Rates are undefined until there are two answers. */
export function now(nodes, rates) {
  const topics = Math.max(0, ...nodes.map((node) => node.topics ?? 0));
  const total = (member) => {
    const known = [...rates.values()].map((each) => each[member]).filter((each) => each !== undefined);
    return known.length === 0 ? undefined : known.reduce((one, other) => one + other, 0);
  };
  const tiles = [
    ['Connections', count(sum(nodes, 'connections'))],
    ['Subscriptions', count(sum(nodes, 'subscriptions'))],
    [nodes.length > 1 ? 'Topics, busiest node' : 'Topics', count(topics)],
    ['Published per second', rate(total('published'))],
    ['Delivered per second', rate(total('delivered'))],
    ['Waiting in queues', bytes(sum(nodes, 'queuedBytes'))],
  ];
  return tiles.map(([title, value]) => element('div', {}, element('dt', {}, title), element('dd', {}, value)));
}

/** The action of a row makes its button; it is missing if the reader may carry out no commands. */
export function nodes({ node: asked, nodes: answers, noAnswer }, rates, action) {
  const rows = [...answers, ...noAnswer.map((node) => ({ node, lost: true }))];
  rows.sort((one, other) => String(one.node).localeCompare(String(other.node)));
  const known = (of) => (row) => (row.lost || row.problem ? undefined : of(row));
  return table('Nodes of the fleet', [
    { title: 'Node', long: true, of: (row) => [name(row.node), row.node === asked ? element('span', { class: 'quiet' }, ' (this one)') : undefined] },
    { title: 'Role', of: known((row) => row.role) },
    { title: 'State', of: state },
    { title: 'Connections', number: true, of: known((row) => count(row.connections)) },
    { title: 'Subscriptions', number: true, of: known((row) => count(row.subscriptions)) },
    { title: 'Topics', number: true, of: known((row) => count(row.topics)) },
    { title: 'Published/s', number: true, of: known((row) => rate(rates.get(row.node)?.published)) },
    { title: 'Delivered/s', number: true, of: known((row) => rate(rates.get(row.node)?.delivered)) },
    { title: 'In queues', number: true, of: known((row) => bytes(row.queuedBytes)) },
    { title: 'Gaps', number: true, of: known((row) => count(row.gaps)) },
    { title: 'Overflows', number: true, of: known((row) => count(row.overflows)) },
    ...(action ? [{ title: 'Command', of: known(action) }] : []),
  ], rows, 'No node has answered.');
}

function state(row) {
  if (row.lost) return badge('bad', 'no answer');
  if (row.problem) return [badge('warn', 'incomplete'), ' ', name(row.problem)];
  const troubles = [];
  if (row.drain && row.drain !== 'serving') troubles.push(badge('warn', row.drain));
  else if (!row.serving) troubles.push(badge('warn', 'not serving'));
  if (!row.broker?.connected) troubles.push(badge('bad', 'broker away'));
  else if (!row.broker.usable) troubles.push(badge('bad', 'broker refuses'));
  if (row.broker?.problem) troubles.push(name(row.broker.problem));
  if (row.topicsBehind > 0) troubles.push(badge('warn', `${count(row.topicsBehind)} topics behind`));
  if (row.stalledLoops?.length > 0) troubles.push(badge('bad', 'stalled'), name(row.stalledLoops.join(', ')));
  return troubles.length === 0 ? badge('good', 'serving') : troubles.flatMap((each) => [each, ' ']);
}

export function recent({ events, ...answer }, kind) {
  const shown = kind ? events.filter((event) => event.kind === kind) : events;
  const kinds = { disconnect: 'warn', refusal: 'bad', gap: 'bad' };
  return [table('Recent disconnects, refusals and gaps', [
    { title: 'Time', of: (event) => time(event.time) },
    { title: 'Event', of: (event) => badge(kinds[event.kind] ?? 'warn', event.kind) },
    { title: 'Reason', long: true, of: (event) => name(event.reason) },
    { title: 'User', long: true, of: (event) => link('user', event.user) },
    { title: 'Connection', long: true, of: (event) => link('connection', event.connection) },
    { title: 'Topic', long: true, of: (event) => topicOf(event) },
    { title: 'Address', of: (event) => event.address && name(event.address) },
    { title: 'Node', long: true, of: (event) => name(event.node) },
  ], shown, kind ? 'No events of this kind are in the list.' : 'Nothing has gone wrong since the nodes were started.'), missing(answer)];
}

/** Some refusals name a destination instead of a topic. */
const topicOf = ({ topic }) => (topic?.startsWith('/') ? name(topic) : link('topic', topic));

export function topics({ topics: found, ...answer }) {
  return [table('Topics with most subscribers', [
    { title: 'Topic', long: true, of: (row) => link('topic', row.topic) },
    { title: 'Subscribers', number: true, of: (row) => count(row.subscribers) },
    { title: 'Node', long: true, of: (row) => name(row.node) },
  ], found.slice(0, 20), 'No topic has subscribers.'), missing(answer)];
}

export function slow({ connections, ...answer }) {
  return [table('Connections with most bytes in their queues', [
    { title: 'Connection', long: true, of: (row) => link('connection', row.id) },
    { title: 'User', long: true, of: (row) => link('user', row.user) },
    { title: 'Waiting', number: true, of: (row) => bytes(row.queue?.bytes) },
    { title: 'Node', long: true, of: (row) => name(row.node) },
  ], connections.slice(0, 20), 'Nothing waits in any queue.'), missing(answer)];
}

export function topic(found, actions) {
  const { log, policy, nodes: answers } = found;
  const told = answers.filter((row) => !row.problem);
  const connections = told.flatMap((row) => (row.connections ?? []).map((each) => ({ ...each, node: row.node })));
  return [
    heading('Topic', found.topic, actions),
    facts([
      ['Rule', found.rule === undefined ? 'none' : name(found.rule)],
      ['Position in the log', log.position.seq === 0 ? 'no message yet' : [count(log.position.seq), ' of epoch ', name(log.position.epoch)]],
      ['Subscribers', count(sum(told, 'subscribers'))],
      ['Members present', policy.presence ? count(found.present) : undefined],
    ]),
    element('h4', {}, 'Nodes'),
    table('How far each node has delivered', [
      { title: 'Node', long: true, of: (row) => name(row.node) },
      { title: 'Subscribers', number: true, of: (row) => (row.problem ? undefined : count(row.subscribers)) },
      { title: 'Delivered', of: (row) => (row.problem ? name(row.problem) : delivered(row.delivered, log.position)) },
    ], answers, 'No node has answered.'),
    element('h4', {}, 'Subscribed connections'),
    table('Subscribed connections', [
      { title: 'User', long: true, of: (row) => link('user', row.user) },
      { title: 'Connection', long: true, of: (row) => link('connection', row.id) },
      { title: 'Node', long: true, of: (row) => name(row.node) },
    ], connections, 'No connection is subscribed to this topic by its name.'),
    connections.length < sum(told, 'subscribers') && connections.length >= 20
      ? element('p', { class: 'quiet' }, 'At most 20 connections of each node are listed.') : undefined,
    element('h4', {}, 'Last messages'),
    table('Last messages in the log', [
      { title: 'Number', number: true, of: (row) => count(row.seq) },
      { title: 'Time', of: (row) => time(row.time) },
      { title: 'Size', number: true, of: (row) => bytes(row.bytes) },
      { title: 'Type', of: (row) => row.type && name(row.type) },
      { title: 'Id', long: true, of: (row) => row.id && name(row.id) },
      ...journeys(log.lastMessages),
    ], [...log.lastMessages].reverse(), 'The log has no messages of this topic.'),
    element('h4', {}, 'Policy'),
    facts(Object.entries(policy).map(([title, value]) => [words(title), setting(title, value)])),
    missing(found),
  ];
}

/** A column for the messages that asked for their journey, if there are such. */
export const journeys = (messages) => (messages.some((each) => each.journey)
  ? [{ title: 'Journey', long: true, of: (row) => row.journey && link('journey', row.message) }] : []);

function delivered(position, head) {
  if (!position) return 'not followed';
  if (position.epoch !== head.epoch) return [badge('warn', 'another epoch'), ' ', name(position.epoch)];
  const behind = head.seq - position.seq;
  return behind > 0 ? [`up to ${count(position.seq)} `, badge('warn', `${count(behind)} behind`)] : `up to ${count(position.seq)}`;
}

function setting(title, value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (title.endsWith('Bytes')) return bytes(value);
  if (title.endsWith('Time')) return duration(value);
  return typeof value === 'number' ? count(value) : name(String(value).toLowerCase());
}

const words = (title) => title.replace(/^./, (first) => first.toUpperCase()).replace(/[A-Z]/g, (each, at) => (at ? ` ${each.toLowerCase()}` : each));

export function user(found, actions) {
  return [
    heading('User', found.user, actions),
    table('Connections of this user', [
      { title: 'Connection', long: true, of: (row) => link('connection', row.id) },
      { title: 'Since', of: (row) => row.connectedAt && time(row.connectedAt) },
      { title: 'Address', of: (row) => row.address && name(row.address) },
      { title: 'Subscriptions', number: true, of: (row) => count((row.subscriptions?.length ?? 0) + (row.moreSubscriptions ?? 0)) },
      { title: 'Waiting', number: true, of: (row) => bytes(row.queue?.bytes) },
      { title: 'Node', long: true, of: (row) => name(row.node) },
    ], found.connections, 'No node that answered has a connection of this user.'),
    missing(found),
  ];
}

export function connection(found, actions) {
  if (!found.node) return [heading('Connection', found.id, actions), missing(found)];
  const more = found.moreSubscriptions ?? 0;
  return [
    heading('Connection', found.id, actions),
    facts([
      ['User', link('user', found.user) ?? 'none'],
      ['State', found.closing ? badge('warn', 'closing') : badge('good', 'open')],
      ['Node', name(found.node)],
      ['Address', found.address && name(found.address)],
      ['Since', found.connectedAt && time(found.connectedAt)],
      ['Waiting', `${bytes(found.queue?.bytes)} in ${count(found.queue?.frames)} frames`],
      ['Control events', found.controlEvents ? 'yes' : 'no'],
    ]),
    table('Subscriptions', [
      { title: 'Topic', long: true, of: (row) => link('topic', row.topic) },
      { title: 'Subscription', of: (row) => name(row.id) },
    ], found.subscriptions ?? [], 'It has no subscriptions.'),
    more > 0 ? element('p', { class: 'quiet' }, `${count(more)} more subscriptions are not listed.`) : undefined,
  ];
}

/** Takes the focus when something was found. */
export function heading(kind, text, actions = []) {
  const title = element('h3', { tabindex: '-1' }, `${kind} `, name(text));
  if (actions.length === 0) return title;
  return element('div', { class: 'bar' }, title, element('div', { class: 'buttons' }, actions.map((each) => button(each))));
}

/** A button; about is what it concerns, where its label alone does not say so, and the key that of the one that takes its place. */
export function button({ label, kind, about, key, run }) {
  const made = element('button', { type: 'button', class: kind, 'aria-label': about && `${label} ${about}`, 'data-key': key }, label);
  made.addEventListener('click', run);
  return made;
}

/** When a message reached which stage on each node. */
export function journey(found) {
  const noted = found.nodes.filter((each) => each.noted);
  const others = found.nodes.filter((each) => each.answered && !each.noted && !each.problem).map((each) => each.node);
  return [
    heading('Journey', found.message),
    found.slowest && element('p', {}, 'Slowest: ', name(found.slowest)),
    noted.map(journeyOn),
    others.length > 0 ? element('p', { class: 'quiet' }, 'Nodes that do not follow the topic, or have forgotten the message: ', name(others.join(', '))) : undefined,
    missing({ ...found, problems: found.nodes.filter((each) => each.problem) }),
  ];
}

const journeyOn = (row) => [
  element('h4', {}, 'Node ', name(row.node)),
  facts([
    ['Topic', link('topic', row.topic)],
    ['Numbered', row.numbered && time(row.numbered)],
    ['Subscribers', count(row.subscribers)],
    ['Waiting in queues', count(row.waiting)],
  ]),
  table(`Times between two stages on node ${row.node}`, [
    { title: 'From', of: (each) => each.from },
    { title: 'To', of: (each) => each.to },
    { title: 'Milliseconds', number: true, of: (each) => rate(each.millis) },
    { title: 'Why', long: true, of: (each) => each.why ?? (each.clocks && `Two clocks: ${each.clocks}`) },
  ], row.durations ?? [], 'The message has reached one stage only.'),
];

/** Says whose answers are not in what is shown. */
export function missing({ noAnswer = [], problems = [], problem }) {
  const sentences = problems.map((each) => [name(each.node), ': ', name(each.problem)]);
  if (problem) sentences.push([problem, '.']);
  if (noAnswer.length > 0) sentences.push(['Without the answers of: ', name(noAnswer.join(', '))]);
  return sentences.length === 0 ? undefined : sentences.map((sentence) => element('p', { class: 'warning' }, sentence));
}
