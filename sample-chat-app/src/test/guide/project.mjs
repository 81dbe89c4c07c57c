import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files that a reader writes. */
export function write(folder, { path, body }) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, body);
}

export function append(folder, { path, body }) {
  const file = join(folder, path);
  writeFileSync(file, readFileSync(file, 'utf8') + body);
}

/** Puts the block below the one line that has the anchor, or in its place. */
export function edit(folder, { path, how, anchor, body }) {
  const file = join(folder, path);
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.flatMap((line, index) => (line.includes(anchor) ? [index] : []));
  if (at.length !== 1) throw new Error(`${path} has ${at.length} lines with ${anchor}, not one`);
  const block = body.replace(/\n$/, '').split('\n');
  if (how === 'below') lines.splice(at[0] + 1, 0, ...block);
  else lines.splice(at[0], 1, ...block);
  writeFileSync(file, lines.join('\n'));
}

/** Gives the service another generation of Boot, with the versions that belong to that. */
export function useBoot(folder, version) {
  const file = join(folder, 'pom.xml');
  const text = readFileSync(file, 'utf8');
  const other = text
    .replace(/(<artifactId>spring-boot-starter-parent<\/artifactId>\s*<version>)[^<]+/, `$1${version}`)
    .replace(/<tomcat\.version>[^<]+<\/tomcat\.version>/, '<netty.version>4.2.18.Final</netty.version>');
  if (!other.includes(`<version>${version}</version>`)) throw new Error(`${file} names no version of Boot`);
  writeFileSync(file, other);
}
