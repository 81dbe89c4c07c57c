import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Starts the system's Chromium; Playwright's own download is not needed. */
export function launchChromium() {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

function chromiumPath() {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : onPath), ...ELSEWHERE].find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    'The browser test needs Chromium. Install it (Debian: apt-get install chromium), or name a Chrome in CHROMIUM_PATH, ' +
      'or leave this test out with -Dbrowser.skip=true.',
  );
}
