import { byId } from './dom.js';

/** The server's rule too: it decides, this only saves a round trip. */
const LEGAL = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,23}$/u;

/** The name given in this tab before (a reload), else the one that the visitor types. */
export function nameOfVisitor() {
  const known = sessionStorage.getItem('name');
  return known ? Promise.resolve(known) : ask();
}

export function forgetName() {
  sessionStorage.removeItem('name');
}

function ask() {
  const welcome = byId('welcome');
  const field = byId('name');
  field.value = localStorage.getItem('name') ?? '';
  welcome.hidden = false;
  field.focus();
  field.addEventListener('input', () => field.setCustomValidity(''));
  return new Promise((resolve) => {
    byId('join').addEventListener('submit', (event) => {
      event.preventDefault();
      const name = field.value.trim();
      if (!LEGAL.test(name)) {
        field.setCustomValidity('Start with a letter or digit; then letters, digits, blanks or . _ -');
        field.reportValidity();
        return;
      }
      sessionStorage.setItem('name', name);
      localStorage.setItem('name', name);
      welcome.hidden = true;
      resolve(name);
    });
  });
}
