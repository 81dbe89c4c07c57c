// dist/*.js and *.d.ts for npm, dist/cjs for `require`, and the one-file browser bundle that the jar serves.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT_BYTES = 25 * 1024;
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const bundle = path('dist/META-INF/resources/realtime/realtime-client.js');

rmSync(path('dist'), { recursive: true, force: true });
execFileSync(process.execPath, [path('node_modules/typescript/bin/tsc'), '-p', path('tsconfig.build.json')], { stdio: 'inherit' });

// A folder of its own, whose package.json says that its types are those of CommonJS, too.
mkdirSync(path('dist/cjs'));
writeFileSync(path('dist/cjs/package.json'), '{"type":"commonjs","sideEffects":false}\n');
for (const name of readdirSync(path('dist')).filter((name) => name.endsWith('.d.ts'))) copyFileSync(path(`dist/${name}`), path(`dist/cjs/${name}`));
const common = { outdir: path('dist/cjs'), bundle: true, packages: 'external', format: 'cjs', platform: 'neutral', target: 'es2022' };
await build({ ...common, entryPoints: [path('src/index.ts')] });
await build({ ...common, entryPoints: [path('src/react.ts')], banner: { js: "'use client';" } });

await build({
  entryPoints: [path('src/index.ts')],
  outfile: bundle,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: '/* dev.realtime client, Apache-2.0 */' },
});

const bytes = readFileSync(bundle);
const gzipped = gzipSync(bytes, { level: 9 }).length;
console.log(`realtime-client.js: ${bytes.length} bytes, ${gzipped} gzipped (limit ${LIMIT_BYTES})`);
if (gzipped >= LIMIT_BYTES) {
  console.error('The browser bundle is too large.');
  process.exit(1);
}
