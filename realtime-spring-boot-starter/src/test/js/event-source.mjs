// Opens a browser's own EventSource on a node out of service, and puts that back into service when it has been turned away.
// Says as one JSON document what the EventSource saw.
// Usage: node event-source.mjs http://localhost:8080 http://localhost:8080/actuator/realtimesessions/resume NODE
import { launchChromium } from '../../../../sample-chat-app/src/test/browser/chromium.mjs';

const [, , origin, resume, node] = process.argv;
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${origin}/no-such-page`);
  await page.evaluate(() => {
    const source = new EventSource('/realtime/sse?topic=room.1');
    const seen = (window.seen = { source, closed: [], states: [], subscribed: 0, messages: [] });
    source.onerror = () => seen.states.push(source.readyState);
    source.addEventListener('closed', ({ data }) => seen.closed.push(JSON.parse(data).code));
    source.addEventListener('subscribed', () => seen.subscribed++);
    source.onmessage = ({ data }) => seen.messages.push(JSON.parse(data).payload);
  });
  await page.waitForFunction(() => window.seen.closed.length > 1 || window.seen.states.includes(EventSource.CLOSED));
  const answer = await fetch(resume, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ node }) });
  await page.waitForFunction(() => window.seen.subscribed > 0 || window.seen.states.includes(EventSource.CLOSED));
  const sent = await page.evaluate(async () =>
    (await fetch('/realtime/send?destination=/topic/room.1', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'hello' })).status);
  await page.waitForFunction(() => window.seen.messages.length > 0 || window.seen.states.includes(EventSource.CLOSED));
  const seen = await page.evaluate(() => {
    const { closed, states, subscribed, messages } = window.seen;
    return { codes: [...new Set(closed)], givenUp: states.includes(EventSource.CLOSED), subscribed, messages };
  });
  console.log(JSON.stringify({ ...seen, resumed: answer.status, sent }));
} finally {
  await browser.close();
}
