// What the browser test needs, unless it is there already. Maven calls this before the integration tests.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const at = (path) => new URL(path, import.meta.url);
const stamp = at('node_modules/.lock-hash');
const hash = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
  console.log('node_modules is in line with package-lock.json');
} else {
  const npm = spawnSync('npm ci --no-audit --no-fund --prefer-offline', { cwd: at('.'), stdio: 'inherit', shell: true });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  writeFileSync(stamp, hash);
}
