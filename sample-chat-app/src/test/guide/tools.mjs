import { accessSync, constants, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the guides' readers have, and a machine that builds this may lack. */
const STAND_INS = ['curl', 'pgrep'];

/**
 * Puts a stand-in for each missing tool into the reader's `bin`, and says so; and the Redis of the tests, installed or
 * bundled. With REALTIME_TEST_SERVERS=bundled all of them are missing.
 */
export function provideTools(bin, { PATH = '', REALTIME_TEST_SERVERS, GUIDE_REDIS_SERVER } = process.env) {
  for (const name of STAND_INS) {
    if (REALTIME_TEST_SERVERS !== 'bundled' && isOnPath(name, PATH)) continue;
    const script = fileURLToPath(new URL(`tools/${name}.mjs`, import.meta.url));
    writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, { mode: 0o755 });
    console.log(`No ${name}: ${script} stands in for it`);
  }
  if (GUIDE_REDIS_SERVER) symlinkSync(GUIDE_REDIS_SERVER, join(bin, 'redis-server'));
}

function isOnPath(name, path) {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
