import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';

const MODULES = fileURLToPath(new URL('node_modules', import.meta.url));
const PACKAGE = join(MODULES, '@sparticuz/chromium');

/** Chromium's headless shell, with the libraries and fonts that a machine without a browser lacks; unpacked once. */
export async function bundledChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The browser test needs Chromium, and none is bundled for this machine. Install it, name a Chrome in CHROMIUM_PATH, ' +
        'or leave this test out with -Dbrowser.skip=true.',
    );
  }
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const folder = join(MODULES, `.chromium-${version}`);
  if (!existsSync(folder)) await unpackInto(folder);
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'libraries', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

/** Under another name first: nobody finds half of it. */
async function unpackInto(folder) {
  const part = mkdtempSync(`${folder}-`);
  await Promise.all([
    unpack('chromium.br', createWriteStream(join(part, 'chromium'), { mode: 0o755 })),
    unpack('al2023.tar.br', extract(join(part, 'libraries'))),
    unpack('fonts.tar.br', extract(join(part, 'fonts'))),
  ]);
  writeFileSync(join(part, 'fonts.conf'), `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`);
  try {
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // Otherwise another process was faster.
  }
}

function unpack(name, to) {
  return pipeline(createReadStream(join(PACKAGE, 'bin', name)), createBrotliDecompress(), to);
}
