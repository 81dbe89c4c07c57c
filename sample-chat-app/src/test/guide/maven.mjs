import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const GROUP = ['dev', 'realtime'];
const JARS = ['realtime-core', 'realtime-client-js', 'realtime-spring-boot-starter', 'realtime-test'];

/**
 * A folder with a `mvn` for the reader, who finds this build's jars as after `mvn install`. They lie in a local repository
 * of their own, in which everything else is a link into the real one: nothing is downloaded twice, and ours never gets
 * into the real one.
 */
export function mavenFor(work, { home, localRepository, settings, offline, root, version }) {
  const repository = join(work, 'repository');
  linkAllBut(GROUP, localRepository, repository);
  const put = (artifact, file, extension) => {
    if (!existsSync(file)) throw new Error(`${file} is missing: run this with mvn verify from the repository's root`);
    const folder = join(repository, ...GROUP, artifact, version);
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, join(folder, `${artifact}-${version}.${extension}`));
  };
  put('realtime-parent', join(root, 'pom.xml'), 'pom');
  for (const artifact of JARS) {
    put(artifact, join(root, artifact, 'pom.xml'), 'pom');
    put(artifact, join(root, artifact, 'target', `${artifact}-${version}.jar`), 'jar');
  }
  const bin = join(work, 'bin');
  mkdirSync(bin);
  const options = ['-B', '-ntp', `-Dmaven.repo.local=${repository}`, ...(offline ? ['-o'] : []),
    ...(settings && existsSync(settings) ? ['-s', settings] : [])];
  const command = [join(home, 'bin', 'mvn'), ...options].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(bin, 'mvn'), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  return bin;
}

/** Links the entries of a folder, except the one on the path, which is a folder of its own. */
function linkAllBut([name, ...path], from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of existsSync(from) ? readdirSync(from) : []) {
    if (entry !== name) symlinkSync(join(from, entry), join(to, entry));
  }
  if (path.length) linkAllBut(path, join(from, name), join(to, name));
}
