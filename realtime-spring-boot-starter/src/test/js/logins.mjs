// Logs in with Chromium in one way: says as one JSON document as whom, and to which addresses WebSockets went.
// Usage: node logins.mjs http://localhost:8080 cookie|ticket|token|none ws://localhost:8080/realtime [token]
import { launchChromium } from '../../../../sample-chat-app/src/test/browser/chromium.mjs';

const [, , origin, way, url, token] = process.argv;
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const addresses = [];
  page.on('websocket', (socket) => addresses.push(socket.url()));
  page.on('pageerror', (error) => console.error(error.stack));
  await page.addInitScript((given) => (window.given = given), { way, url, token });
  if (way === 'cookie' || way === 'ticket') {
    await page.goto(`${origin}/`); // Leads to the login.
    await page.locator('input[name=username]').fill('ann');
    await page.locator('input[name=password]').fill('secret');
    await page.locator('button[type=submit]').click();
  } else {
    await page.goto(`${origin}/public.html`);
  }
  await page.locator('#user:not(:empty)').waitFor().catch(async (error) => {
    throw new Error(`${page.url()} shows: ${await page.locator('body').textContent()}`, { cause: error });
  });
  console.log(JSON.stringify({ user: await page.locator('#user').textContent(), addresses }));
} finally {
  await browser.close();
}
