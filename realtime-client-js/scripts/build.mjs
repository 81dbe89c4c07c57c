// dist/*.js and *.d.ts for npm, dist/cjs for `require`, and the browser bundles of one file each that the jar serves.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The most bytes of each bundle, gzipped. */
const BUNDLES = [
  { entry: 'src/index.ts', file: 'realtime-client.js', limit: 25 * 1024 },
  { entry: 'src/stream.ts', file: 'realtime-stream.js', limit: 3 * 1024 },
];
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

rmSync(path('dist'), { recursive: true, force: true });
execFileSync(process.execPath, [path('node_modules/typescript/bin/tsc'), '-p', path('tsconfig.build.json')], { stdio: 'inherit' });

// A folder of its own, whose package.json says that its types are those of CommonJS, too.
mkdirSync(path('dist/cjs'));
writeFileSync(path('dist/cjs/package.json'), '{"type":"commonjs","sideEffects":false}\n');
for (const name of readdirSync(path('dist')).filter((name) => name.endsWith('.d.ts'))) copyFileSync(path(`dist/${name}`), path(`dist/cjs/${name}`));
const common = { outdir: path('dist/cjs'), bundle: true, packages: 'external', format: 'cjs', platform: 'neutral', target: 'es2022' };
await build({ ...common, entryPoints: [path('src/index.ts')] });
await build({ ...common, entryPoints: [path('src/stream.ts')] });
await build({ ...common, entryPoints: [path('src/react.ts')], banner: { js: "'use client';" } });

for (const { entry, file, limit } of BUNDLES) {
  const outfile = path(`dist/META-INF/resources/realtime/${file}`);
  await build({
    entryPoints: [path(entry)],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: '/* dev.realtime client, Apache-2.0 */' },
  });
  const bytes = readFileSync(outfile);
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  console.log(`${file}: ${bytes.length} bytes, ${gzipped} gzipped (limit ${limit})`);
  if (gzipped >= limit) {
    console.error('The browser bundle is too large.');
    process.exit(1);
  }
}
