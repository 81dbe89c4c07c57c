import { avatar, element } from './dom.js';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** A message with its number. */
export function messageView({ position, timestamp, payload }, me) {
  const { author, text } = payload;
  const at = new Date(timestamp);
  const time = element('time', { datetime: at.toISOString(), title: MOMENT.format(at) }, TIME.format(at));
  const number = element('span', { class: 'seq', title: `Number ${position.seq} of this room` }, `#${position.seq}`);
  return row(author, me, text, [time, number], { 'data-seq': position.seq });
}

/** A message of mine without a number yet. */
export function sendingView(me, text, { onRetry, onDiscard }) {
  const status = element('span', { class: 'status' });
  const item = row(me, me, text, [status]);
  const failure = element('div', { class: 'failure' });
  const button = (label, act) => {
    const made = element('button', { type: 'button' }, label);
    made.addEventListener('click', act);
    return made;
  };
  return {
    item,
    sending() {
      item.dataset.state = 'sending';
      status.textContent = 'sending …';
      failure.remove();
    },
    failed(why, retry) {
      item.dataset.state = 'failed';
      status.textContent = 'not sent';
      failure.replaceChildren(
        element('p', { class: 'why', role: 'alert' }, why),
        ...(retry ? [button('Try again', onRetry)] : []),
        button('Discard', onDiscard),
      );
      item.querySelector('.bubble').append(failure);
      item.scrollIntoView({ block: 'end' });
    },
  };
}

/** A line between messages. */
export function dividerView(text, kind) {
  return element('li', { class: `divider ${kind}` }, element('span', {}, text));
}

function row(author, me, text, facts, attributes = {}) {
  const mine = author === me;
  const head = element('p', { class: 'head' }, element('b', {}, mine ? 'You' : author), ...facts);
  const bubble = element('div', { class: 'bubble' }, head, element('p', { class: 'text' }, text));
  return element('li', { class: mine ? 'message mine' : 'message', ...attributes }, avatar(author), bubble);
}
