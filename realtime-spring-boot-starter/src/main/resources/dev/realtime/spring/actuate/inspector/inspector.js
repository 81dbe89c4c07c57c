// The page of operators: reads the actuator's endpoint again and again, finds and follows things, and carries out commands.
import { confirmDisconnect, confirmDrain, confirmResume } from './commands.js';
import { address, clock, element, parse, replace } from './elements.js';
import * as follow from './follow.js';
import { find, findCommands, readList, readNodes, traceTopic } from './requests.js';
import * as views from './views.js';

const EVERY = 2_000;

const LISTS_EVERY = 10_000;

/** Messages of a topic whose journeys are noted on request. */
const TRACED = 10;

const PAUSED = ' (paused)';

const at = (id) => document.getElementById(id);

/** Where commands go; undefined if there are none for this user. */
const commandsFound = findCommands().catch(() => undefined);

let paused = false;

/** The last answer of each node, and when it came. */
let before = new Map();

let events = { events: [] };

/** Counts what was looked for, so that an answer that comes late is not shown. */
let search = 0;

/** Whether the reader waits for an answer. */
let looking = false;

/** The topic or user that is followed; undefined if none is. */
let followed;

/** Says something to the reader, aloud for those who listen. Names are elements of their own. */
function say(sentence, bad = false) {
  const said = element('p', {}, sentence);
  if (at('status').textContent !== said.textContent) at('status').replaceChildren(...said.childNodes);
  at('status').classList.toggle('bad', bad);
}

/** What is wrong with the fleet, in a sentence. */
let trouble = '';

/** Says what is wrong with the fleet when that changes, and not at every turn. */
function report(sentence) {
  if (sentence === trouble) return;
  trouble = sentence;
  say(sentence || 'All nodes answer again.', sentence !== '');
}

/** Reads at once and then again and again, while the page is seen and not paused; never two at a time. Returns what reads at once. */
function repeatedly(every, read) {
  let timer;
  let reading = false;
  const turn = async () => {
    clearTimeout(timer);
    if (reading || paused || document.hidden) return;
    reading = true;
    const began = performance.now();
    try {
      await read();
    } finally {
      reading = false;
      timer = setTimeout(turn, Math.max(0, every - (performance.now() - began)));
    }
  };
  document.addEventListener('visibilitychange', turn);
  at('pause').addEventListener('click', turn);
  turn();
  return turn;
}

async function refreshNodes() {
  try {
    const answer = await readNodes();
    const arrived = performance.now();
    const told = answer.nodes.filter((node) => !node.problem);
    const rates = new Map(told.map((node) => [node.node, ratesOf(node, before.get(node.node), arrived)]));
    before = new Map(told.map((node) => [node.node, { ...node, arrived }]));
    at('now').replaceChildren(...views.now(told, rates));
    const commands = await commandsFound;
    replace(at('nodes'), views.nodes(answer, rates, commands && ((row) => nodeButton(commands, row, told))));
    showUpdated(`Answer of node ${answer.node} at ${clock(new Date())}`, false);
    const lost = answer.noAnswer.length === 0 ? '' : `No answer from ${answer.noAnswer.join(', ')}.`;
    report(answer.problem ? `${answer.problem}. ${lost}`.trim() : lost);
  } catch (failure) {
    showUpdated(`Not up to date: ${failure.message}`, true);
    report(failure.message);
    before.clear();
  }
}

/** Takes a node out of service, or back. An older version of a node cannot do that. */
function nodeButton(commands, row, told) {
  if (!row.drain) return undefined;
  const of = { about: `node ${row.node}`, key: row.node };
  if (row.drain !== 'serving') {
    return views.button({ label: 'Resume', kind: 'small', ...of, run: () => confirmResume(commands, row, say, refreshNodes) });
  }
  const others = told.filter((node) => node.node !== row.node && node.serving && node.role === row.role).length;
  return views.button({ label: 'Drain', kind: 'small danger', ...of, run: () => confirmDrain(commands, row, others, say, refreshNodes) });
}

/** An answer may arrive after the reader has paused the page. */
function showUpdated(text, bad) {
  at('updated').textContent = paused ? text + PAUSED : text;
  at('updated').classList.toggle('bad', bad);
}

/** Counts that are lower than before are those of a node that was started again. */
function ratesOf(node, earlier, arrived) {
  const rates = {};
  for (const member of ['published', 'delivered']) {
    if (earlier && node[member] >= earlier[member]) {
      rates[member] = (node[member] - earlier[member]) / ((arrived - earlier.arrived) / 1_000);
    }
  }
  return rates;
}

async function refreshLists() {
  const [recent, top] = await Promise.allSettled([readList('recent'), readList('top')]);
  if (recent.status === 'fulfilled') events = recent.value;
  show('recent', recent.reason, showEvents);
  for (const list of ['topics', 'slow']) show(list, top.reason, () => replace(at(list), views[list](top.value)));
}

/** Shows a list, or why it cannot be shown, which affects no other list. */
function show(list, reason, shown) {
  try {
    if (reason) throw reason;
    shown();
  } catch (failure) {
    replace(at(list), problem(failure));
  }
}

const showEvents = () => replace(at('recent'), views.recent(events, at('events').value));

const problem = (failure) => element('p', { class: 'warning' }, failure.message);

/** Shows what the address names. Anew is because the reader asked, and not because time has passed. */
async function showFound(anew) {
  const wanted = parse(location.hash);
  if (anew && !location.hash) showNothing();
  if (!wanted || (looking && !anew)) return;
  const mine = ++search;
  looking ||= anew;
  if (anew) {
    at('kind').value = wanted.kind;
    at('name').value = wanted.text;
    say('Looking …');
  }
  const kinds = wanted.kind === 'any' ? ['connection', 'user', 'topic'] : [wanted.kind];
  const answers = await Promise.allSettled(kinds.map((kind) => find(kind, wanted.text)));
  const commands = await commandsFound;
  if (mine !== search) return;
  looking = false;
  const shown = answers.flatMap(({ value, reason }, index) => foundOf(kinds[index], wanted, value, reason, commands));
  if (anew) getSelection()?.removeAllRanges();
  replace(at('found'), shown.length === 0 ? nothingFound(wanted, answers) : shown);
  if (anew) {
    say(shown.length === 0 ? 'Nothing was found.' : '');
    at('found').querySelector('h3')?.focus();
  }
}

/** The reader went back to before anything was looked for. */
function showNothing() {
  search++;
  if (looking) say('');
  looking = false;
  at('found').replaceChildren();
}

const nothingFound = ({ kind, text }, answers) => element('article', { class: 'found' },
  views.heading('Nothing found:', text),
  element('p', { class: 'quiet' }, kind === 'journey'
    ? 'No node that answered has noted this message. Nodes note the last 100 messages that were published with realtime-trace: true, or whose topic was traced.'
    : kind === 'connection' ? 'No node that answered has a connection of this id. It may have ended.'
    : 'No node that answered has a connection of this id or user, and no topic of this name has messages or subscribers.'),
  views.missing(answers.find(({ value }) => value?.noAnswer)?.value ?? {}));

function foundOf(kind, wanted, value, reason, commands) {
  const any = wanted.kind === 'any';
  if (reason) return any && reason.status === 400 ? [] : [element('p', { class: 'warning' }, reason.message)];
  if (!value || (!value.problems && isNothing(kind, value, any))) return [];
  return [element('article', { class: 'found' }, views[kind](value, actionsOf(kind, wanted.text, value, commands)))];
}

/** What the reader can do with what was found. */
function actionsOf(kind, text, value, commands) {
  const actions = [];
  if (kind === 'topic' || kind === 'user') actions.push({ label: `Follow this ${kind}`, run: () => startFollowing(kind, text) });
  if (commands && kind === 'topic') actions.push({ label: `Trace the next ${TRACED} messages`, run: () => trace(commands, text) });
  const there = kind === 'user' ? value.connections.length > 0 || value.problems : kind === 'connection' && !value.closing;
  if (commands && there) {
    actions.push({ label: `Disconnect this ${kind}`, kind: 'danger', run: () => confirmDisconnect(commands, kind, text, say, afterDisconnect) });
  }
  return actions;
}

/** Each node notes the journeys of what is published there. The list begins before the first of them. */
async function trace(commands, topic) {
  try {
    if (followed?.kind !== 'topic' || followed.text !== topic || followed.ended) startFollowing('topic', topic);
    if (!followed.next) await follow.readOn(followed);
    const { nodes, noAnswer, problems = [] } = await traceTopic(commands, topic, TRACED);
    const silent = noAnswer.length > 0 ? `, but ${noAnswer.join(', ')} did not answer` : '';
    const noting = nodes.length === 1 ? '1 node notes' : `${nodes.length} nodes note`;
    say([`${noting} the journeys of the next ${TRACED} messages published there${silent}. They appear in the list of messages.`,
      ...problems].join(' '), problems.length > 0);
  } catch (failure) {
    say(failure.message, true);
  }
}

async function afterDisconnect() {
  await showFound(false);
  setTimeout(() => showFound(false), EVERY); // Other nodes follow.
}

/** Only one topic or user is followed by a page. */
function startFollowing(kind, text) {
  followed = follow.begin(kind, text);
  at('follow').hidden = false;
  showFollowed();
  at('followed').querySelector('h3').focus();
  at('follow').scrollIntoView({ block: 'nearest' });
  followNow();
}

function stopFollowing() {
  followed = undefined;
  at('follow').hidden = true;
  at('followed').replaceChildren();
  at('found').querySelector('button, h3')?.focus();
}

const showFollowed = () => replace(at('followed'), follow.view(followed, stopFollowing));

async function refreshFollowed() {
  const mine = followed;
  if (!mine || mine.ended) return;
  if (follow.isOver(mine)) mine.ended = 'Ten minutes are over. Follow it again for more.';
  else {
    try {
      await follow.readOn(mine);
      mine.problem = undefined;
    } catch (failure) {
      mine.problem = failure.message;
    }
  }
  if (mine === followed) showFollowed();
}

/** Any name may be that of a user or topic. What a node could not tell may be something. */
function isNothing(kind, value, any) {
  if (kind === 'journey') return !value.slowest && value.noAnswer.length === 0;
  if (kind === 'connection') return !value.node;
  if (kind === 'user') return any && value.connections.length === 0;
  return any && value.log.position.seq === 0 && !value.nodes.some((node) => node.subscribers > 0 || node.problem);
}

at('events').addEventListener('change', showEvents);
at('pause').addEventListener('click', () => {
  paused = !paused;
  at('pause').textContent = paused ? 'Resume updates' : 'Pause updates';
  if (paused) at('updated').textContent += PAUSED;
});
at('find').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = at('name').value.trim();
  if (!text) return;
  const wanted = address(at('kind').value, text);
  if (wanted === location.hash) showFound(true);
  else location.hash = wanted;
});
addEventListener('hashchange', () => showFound(true));

repeatedly(EVERY, refreshNodes);
const followNow = repeatedly(EVERY, refreshFollowed);
repeatedly(LISTS_EVERY, refreshLists);
let first = true;
repeatedly(LISTS_EVERY, () => {
  const anew = first;
  first = false;
  return showFound(anew);
});
