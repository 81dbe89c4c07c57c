// As much of pgrep as the guides use, on Linux: -f PATTERN prints the ids of the processes whose command line matches.
import { readdirSync, readFileSync } from 'node:fs';

const [option, pattern, ...more] = process.argv.slice(2);
if (option !== '-f' || pattern === undefined || more.length) {
  console.error('pgrep.mjs knows -f PATTERN alone');
  process.exit(2);
}
const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && commandOf(pid).match(pattern));
console.log(found.join('\n'));
process.exitCode = found.length ? 0 : 1;

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // It has just ended.
  }
}
