/* Runs without a page: shows what the server has pushed, and opens where it was said. */

self.addEventListener('push', (event) => {
  const { title, text, conversation, unread } = event.data.json();
  const all = unread > 1 ? `${title} · ${unread} unread` : title;
  // The last one of a conversation takes the place of those before.
  const options = { body: text, tag: conversation, renotify: true, icon: 'icon.svg', data: { hash: `#${encodeURI(conversation)}` } };
  event.waitUntil(self.registration.showNotification(all, options));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.hash));
});

async function open(hash) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ url }) => new URL(url).pathname === '/');
  if (!page) return self.clients.openWindow(`/${hash}`);
  page.postMessage({ hash });
  return page.focus();
}
