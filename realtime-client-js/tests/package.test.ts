import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { server, until, useServer } from './harness.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What npm would install, in an application of its own. */
describe('the package', () => {
  useServer();
  let application: string;

  beforeAll(() => {
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')]);
    application = mkdtempSync(join(tmpdir(), 'realtime-client-'));
    mkdirSync(join(application, 'node_modules/@dev-realtime'), { recursive: true });
    symlinkSync(root, join(application, 'node_modules/@dev-realtime/client'), 'junction');
    writeFileSync(join(application, 'package.json'), '{}');
  }, 60_000);
  afterAll(() => rmSync(application, { recursive: true, force: true }));

  it('works with require', async () => {
    const require = createRequire(join(application, 'main.js'));
    const { connect, RealtimeError } = require('@dev-realtime/client') as typeof import('../src/index.js');
    expect(require.resolve('@dev-realtime/client')).toMatch(/cjs.index\.js$/);
    const client = connect({ url: server.url, WebSocket });
    const seen: unknown[] = [];
    client.topic('t').subscribe(({ payload }) => void seen.push(payload));
    await until(() => client.state === 'live');
    await client.topic('t').publish({ a: 1 });
    await until(() => seen.length === 1);
    await client.close();
    await expect(client.topic('t').publish(1)).rejects.toBeInstanceOf(RealtimeError);
    expect(require('@dev-realtime/client/react')).toHaveProperty('useTopic');
    expect(require('@dev-realtime/client/stream')).toHaveProperty('followText');
  });

  it('works with import', () => {
    writeFileSync(join(application, 'main.mjs'), "import { connect } from '@dev-realtime/client';\nimport '@dev-realtime/client/react';\nimport '@dev-realtime/client/stream';\nconsole.log(typeof connect);\n");
    expect(execFileSync(process.execPath, [join(application, 'main.mjs')], { encoding: 'utf8' })).toBe('function\n');
  });

  it('brings nothing along that others on a page may use too, or that has a license of its own', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, object> };
    for (const said of [JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object, packages['']]) {
      for (const kind of ['dependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies']) {
        expect(said, `package.json must not have ${kind}`).not.toHaveProperty(kind);
      }
      expect(said).toHaveProperty('peerDependenciesMeta.react.optional', true);
      expect(said).toHaveProperty('peerDependencies', { react: expect.any(String) });
    }
  });

  it('says that its hooks belong to the client', () => {
    for (const file of ['dist/react.js', 'dist/cjs/react.js']) expect(readFileSync(join(root, file), 'utf8')).toMatch(/^['"]use client['"];/);
  });

  it.each(['cts', 'mts'])('has types for a strict application: .%s', { timeout: 60_000 }, (extension) => {
    const file = join(application, `strict.${extension}`);
    writeFileSync(file, `
      import { connect, type ConnectOptions, type PatternOptions, type RealtimeMessage } from '@dev-realtime/client';
      import { useTopic } from '@dev-realtime/client/react';
      import { followText, type Following, type TextListener } from '@dev-realtime/client/stream';
      declare const options: { [K in keyof ConnectOptions]: ConnectOptions[K] | undefined };
      const topic = connect({ ...options }).topic('t');
      const sub = topic.subscribe<{ text: string }>(({ payload }) => void payload.text.trim());
      // What the client says may be handed to it again, absent or not.
      topic.subscribe(() => undefined, { position: sub.position, rewind: undefined, onGap: undefined });
      topic.messages({ position: sub.position, buffer: undefined });
      export const again = ({ id, type, headers, payload }: RealtimeMessage) => topic.publish(payload, { id, type, headers });
      void topic.history({ epoch: sub.position?.epoch, after: sub.position?.seq });
      topic.watchPresence({ onJoin: undefined });
      const all: PatternOptions = {
        headers: undefined,
        onGap: (gap) => (gap.topic === undefined ? gap.pattern : gap.topic + gap.from + gap.to).trim(),
        onRecovered: ({ recovered, resumed, reason }) => [recovered, resumed.includes('price.A'), reason.trim()],
      };
      connect().topics('price.*').subscribe<{ bid: number }>(({ topic, payload }) => void [topic.trim(), payload.bid.toFixed(2)], all).unsubscribe();
      const texts: TextListener = { onText: (text, id) => void [text.trim(), id.trim()], onEnd: (outcome, { text }) => void (outcome === 'lost' && text.trim()) };
      export const following: Following = followText(connect(), 't', texts, { rewind: undefined });
      // @ts-expect-error A pattern has no position of its own.
      connect().topics('price.*').subscribe(() => undefined, { rewind: 5 });
      export const view = () => useTopic<string>('t', { position: sub.position, limit: undefined });
    `);
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'nodenext', '--types', ''];
    const { stdout, status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...strict, file], { cwd: application, encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
