import { byId } from './dom.js';

/** Where I write, and what others see of it while I do. */
export class Composer {
  #field = byId('text');

  constructor(typing, { onSay, end }) {
    const form = byId('say');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (!text) return;
      this.#field.value = '';
      typing.stop();
      onSay(text);
    }, { signal: end });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    }, { signal: end });
    // The client tells the first keystroke and is silent for a while then.
    this.#field.addEventListener('input', () => (this.#field.value.trim() ? typing.start() : typing.stop()), { signal: end });
    end.addEventListener('abort', typing.onChange(showTyping));
    end.addEventListener('abort', () => (typing.stop(), showTyping([])));
    showTyping([]);
  }
}

function showTyping(users) {
  const [one, other, ...more] = users;
  const who = more.length ? `${users.length} people are` : other ? `${one} and ${other} are` : `${one} is`;
  byId('typing').textContent = users.length ? `${who} typing …` : '';
}
