// The page of operators: reads the actuator's endpoint again and again, finds things, and ends connections.
import { address, clock, element, name, parse, replace } from './elements.js';
import { disconnectConnection, disconnectUser, find, findCommands, readList, readNodes } from './requests.js';
import * as views from './views.js';

const EVERY = 2_000;

const LISTS_EVERY = 10_000;

/** The bytes of a close frame. */
const LONGEST_REASON = 123;

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

/** Reads at once and then again and again, while the page is seen and not paused; never two at a time. */
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
}

async function refreshNodes() {
  try {
    const answer = await readNodes();
    const arrived = performance.now();
    const told = answer.nodes.filter((node) => !node.problem);
    const rates = new Map(told.map((node) => [node.node, ratesOf(node, before.get(node.node), arrived)]));
    before = new Map(told.map((node) => [node.node, { ...node, arrived }]));
    at('now').replaceChildren(...views.now(told, rates));
    replace(at('nodes'), views.nodes(answer, rates));
    showUpdated(`Answer of node ${answer.node} at ${clock(new Date())}`, false);
    const lost = answer.noAnswer.length === 0 ? '' : `No answer from ${answer.noAnswer.join(', ')}.`;
    report(answer.problem ? `${answer.problem}. ${lost}`.trim() : lost);
  } catch (failure) {
    showUpdated(`Not up to date: ${failure.message}`, true);
    report(failure.message);
    before.clear();
  }
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
  element('p', { class: 'quiet' }, kind === 'connection'
    ? 'No node that answered has a connection of this id. It may have ended.'
    : 'No node that answered has a connection of this id or user, and no topic of this name has messages or subscribers.'),
  views.missing(answers.find(({ value }) => value?.noAnswer)?.value ?? {}));

function foundOf(kind, wanted, value, reason, commands) {
  const any = wanted.kind === 'any';
  if (reason) return any && reason.status === 400 ? [] : [element('p', { class: 'warning' }, reason.message)];
  if (!value || (!value.problems && isNothing(kind, value, any))) return [];
  const disconnect = commands && (() => confirmDisconnect(commands, kind, wanted.text));
  return [element('article', { class: 'found' }, views[kind](value, kind === 'topic' ? undefined : disconnect))];
}

/** Any name may be that of a user or topic. What a node could not tell may be something. */
function isNothing(kind, value, any) {
  if (kind === 'connection') return !value.node;
  if (kind === 'user') return any && value.connections.length === 0;
  return any && value.log.position.seq === 0 && !value.nodes.some((node) => node.subscribers > 0 || node.problem);
}

function confirmDisconnect(commands, kind, text) {
  at('confirm-title').textContent = kind === 'user' ? 'Disconnect this user?' : 'Disconnect this connection?';
  at('confirm-text').replaceChildren(...(kind === 'user'
    ? ['Ends all connections of ', name(text), ' on all nodes. The user may connect again.']
    : ['Ends the connection ', name(text), '. Its client may connect again.']));
  at('reason').value = '';
  at('reason-problem').textContent = '';
  at('disconnect').onclick = async () => {
    const reason = at('reason').value.trim();
    const size = new TextEncoder().encode(reason).length;
    if (size > LONGEST_REASON) {
      at('reason-problem').textContent = `The reason has ${size} bytes in UTF-8. At most ${LONGEST_REASON} reach the client.`;
      return;
    }
    at('confirm').close();
    getSelection()?.removeAllRanges();
    say('Disconnecting …');
    try {
      await (kind === 'user' ? disconnectUser : disconnectConnection)(commands, text, reason);
      say([`Disconnected ${kind} `, name(text), '.']);
    } catch (failure) {
      say(failure.message, true);
    }
    await showFound(false);
    setTimeout(() => showFound(false), EVERY); // Other nodes follow.
  };
  at('confirm').showModal();
}

at('cancel').addEventListener('click', () => at('confirm').close());
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
repeatedly(LISTS_EVERY, refreshLists);
let first = true;
repeatedly(LISTS_EVERY, () => {
  const anew = first;
  first = false;
  return showFound(anew);
});
