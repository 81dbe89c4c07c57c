/* What the browser test finds to run on. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { installedChromium, launchChromium } from './chromium.mjs';

const folder = mkdtempSync(join(tmpdir(), 'chromium-test-'));
const path = join(folder, 'chromium');
writeFileSync(path, '');
chmodSync(path, 0o755);
after(() => rmSync(folder, { recursive: true }));

test('an installed Chromium is found on the PATH, or named', () => {
  assert.equal(installedChromium({ PATH: folder }), path);
  assert.equal(installedChromium({ PATH: '/no/such', CHROMIUM_PATH: path }), path);
});

test('an installed Chromium can be hidden', () => {
  assert.equal(installedChromium({ PATH: folder, CHROMIUM_PATH: path, REALTIME_TEST_SERVERS: 'bundled' }), undefined);
});

test('the Chromium found runs a page and draws text', { timeout: 60_000 }, async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent('<input><p>Zürich ☕</p>');
    await page.locator('input').pressSequentially('abc');
    assert.equal(await page.locator('input').inputValue(), 'abc');
    assert.ok((await page.locator('p').boundingBox()).height > 0);
  } finally {
    await browser.close();
  }
});
