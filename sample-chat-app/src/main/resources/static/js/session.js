import { byId } from './dom.js';

/**
 * Who I am: a name and the token that says so. Kept for this tab alone, so that two tabs can be two people; a real
 * application has its login, and only needs a function that returns its token.
 */
export function session() {
  return JSON.parse(sessionStorage.getItem('session') ?? 'null');
}

export function forget() {
  sessionStorage.removeItem('session');
}

/** Asks for a name unless this tab has one. */
export function joined() {
  return session() ?? ask();
}

function ask() {
  const welcome = byId('welcome');
  const field = byId('name');
  field.value = localStorage.getItem('name') ?? '';
  welcome.hidden = false;
  field.focus();
  field.addEventListener('input', () => field.setCustomValidity(''));
  return new Promise((resolve) => {
    byId('join').addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        const mine = await logIn(field.value);
        sessionStorage.setItem('session', JSON.stringify(mine));
        localStorage.setItem('name', mine.name);
        welcome.hidden = true;
        const to = new URLSearchParams(location.search).get('to');
        if (to === 'fleet.html') location.replace(to);
        else resolve(mine);
      } catch (error) {
        field.setCustomValidity(error.message);
        field.reportValidity();
      }
    });
  });
}

async function logIn(name) {
  const answer = await fetch('/chat/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? 'The server accepts no logins right now');
  return body;
}
