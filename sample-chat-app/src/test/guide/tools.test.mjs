/* The stand-ins for what a machine lacks. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { provideTools } from './tools.mjs';

const run = promisify(execFile);
const bin = mkdtempSync(join(tmpdir(), 'tools-test-'));
let server;
let address;

before(async () => {
  provideTools(bin, { PATH: process.env.PATH, REALTIME_TEST_SERVERS: 'bundled' });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `localhost:${server.address().port}`;
});

after(() => {
  server.close();
  rmSync(bin, { recursive: true });
});

test('curl gets and posts', async () => {
  const curl = async (...words) => (await run(join(bin, 'curl'), words)).stdout;
  assert.equal(await curl('-s', `${address}/a?b=c`), 'GET /a?b=c undefined ');
  assert.equal(await curl('-sN', '-X', 'POST', `${address}/a`), 'POST /a undefined ');
  assert.equal(await curl('-s', '-H', 'Content-Type: text/plain', '-d', 'x y', address), 'POST / text/plain x y');
  await assert.rejects(curl('-s', '--insecure', address), { code: 2 });
  await assert.rejects(curl('-s', 'localhost:1'), { code: 7 });
});

test('pgrep finds a process by its command line', async () => {
  const pgrep = async (pattern) => (await run(join(bin, 'pgrep'), ['-f', pattern])).stdout.trim().split('\n');
  const other = execFile(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'found-by-pgrep-test']);
  try {
    assert.deepEqual(await pgrep('found-by-pgrep-te[s]t'), [String(other.pid)]);
  } finally {
    other.kill();
  }
});

test('what is on the PATH needs no stand-in', () => {
  const empty = mkdtempSync(join(tmpdir(), 'tools-test-'));
  provideTools(empty, { PATH: [bin, '/no/such'].join(delimiter) });
  assert.deepEqual(readdirSync(empty), []);
  rmSync(empty, { recursive: true });
});
