// Commands, each after a confirmation.
import { element, focusAgain, name } from './elements.js';
import { disconnectConnection, disconnectUser, drainNode, resumeNode } from './requests.js';

/** The bytes of a close frame. */
const LONGEST_REASON = 123;

const at = (id) => document.getElementById(id);

/** What has opened the dialog; it may be replaced meanwhile. */
let opener;

/**
 * Asks the reader first. Say tells the reader how it went, and done is called afterwards.
 * The action has a title, a text, the word of its button, whether it takes a reason, what it does, and what is said then.
 */
function confirm({ title, text, button, withReason, carryOut, said }, say, done) {
  at('confirm-title').textContent = title;
  at('confirm-text').replaceChildren(...text);
  at('carry-out').textContent = button;
  at('reason-field').hidden = !withReason;
  at('reason').value = '';
  at('reason-problem').textContent = '';
  at('carry-out').onclick = async () => {
    const reason = at('reason').value.trim();
    const size = new TextEncoder().encode(reason).length;
    if (size > LONGEST_REASON) {
      at('reason-problem').textContent = `The reason has ${size} bytes in UTF-8. At most ${LONGEST_REASON} reach the client.`;
      return;
    }
    at('confirm').close();
    getSelection()?.removeAllRanges();
    say(`${said.before} …`);
    try {
      say(said.after(await carryOut(reason)));
    } catch (failure) {
      say(failure.message, true);
    }
    await done();
  };
  opener = document.activeElement;
  at('confirm').showModal();
  if (!withReason) at('cancel').focus(); // Not the button that acts.
}

export function confirmDisconnect(commands, kind, text, say, done) {
  confirm({
    title: kind === 'user' ? 'Disconnect this user?' : 'Disconnect this connection?',
    text: kind === 'user'
      ? ['Ends all connections of ', name(text), ' on all nodes. The user may connect again.']
      : ['Ends the connection ', name(text), '. Its client may connect again.'],
    button: 'Disconnect',
    withReason: true,
    carryOut: (reason) => (kind === 'user' ? disconnectUser : disconnectConnection)(commands, text, reason),
    said: { before: 'Disconnecting', after: () => [`Disconnected ${kind} `, name(text), '.'] },
  }, say, done);
}

/** Others is how many other nodes are in service. */
export function confirmDrain(commands, { node, connections }, others, say, done) {
  const clients = connections === 1 ? 'client is' : 'clients are';
  const alone = 'No other node that answers is in service: clients have no node to go to.';
  confirm({
    title: 'Drain this node?',
    text: ['Takes node ', name(node), ` out of service. It is no longer ready, refuses new connections, and its ${connections} ${clients} `,
      'told to reconnect to other nodes. It stays so until it is resumed or restarted. ',
      others === 0 ? element('strong', {}, alone) : ''],
    button: 'Drain',
    carryOut: () => drainNode(commands, node),
    said: {
      before: 'Draining',
      after: ({ outcome }) => ['Node ', name(node), outcome === 'unchanged' ? ' was out of service before.' : ' is being drained.'],
    },
  }, say, done);
}

export function confirmResume(commands, { node }, say, done) {
  confirm({
    title: 'Resume this node?',
    text: ['Takes node ', name(node), ' back into service: it is ready, and accepts connections.'],
    button: 'Resume',
    carryOut: () => resumeNode(commands, node),
    said: {
      before: 'Resuming',
      after: ({ outcome }) => ['Node ', name(node), outcome === 'unchanged' ? ' was in service before.' : ' is in service again.'],
    },
  }, say, done);
}

at('cancel').addEventListener('click', () => at('confirm').close());
at('confirm').addEventListener('close', () => {
  if (opener && !opener.isConnected) focusAgain(at('main'), opener);
});
