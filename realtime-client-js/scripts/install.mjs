// `npm ci` deletes and lays node_modules anew each time; a Maven build calls this instead, which skips it
// while node_modules is already what the lock file says.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const at = (path) => new URL(`../${path}`, import.meta.url);
const stamp = at('node_modules/.lock-hash');
const hash = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
  console.log('node_modules is in line with package-lock.json');
} else {
  const npm = spawnSync('npm ci --no-audit --no-fund --prefer-offline', { cwd: at('.'), stdio: 'inherit', shell: true });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  writeFileSync(stamp, hash);
}
