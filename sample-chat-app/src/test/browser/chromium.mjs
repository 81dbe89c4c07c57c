import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { bundledChromium } from './bundled-chromium.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Starts the installed Chromium, else the one that comes with a dependency of this test. With
 * REALTIME_TEST_SERVERS=bundled an installed one is not found.
 */
export async function launchChromium() {
  const installed = installedChromium();
  const { executablePath, env = {} } = installed ? { executablePath: installed } : await bundledChromium();
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

export function installedChromium({ CHROMIUM_PATH, PATH = '', REALTIME_TEST_SERVERS } = process.env) {
  if (REALTIME_TEST_SERVERS === 'bundled') return undefined;
  const folders = [...PATH.split(delimiter), ...FOLDERS];
  const everywhere = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : everywhere), ...ELSEWHERE].find((path) => existsSync(path));
}
