import assert from 'node:assert/strict';
import { test } from 'node:test';
import { section, stepsOf } from './guide.mjs';
import { missingIn } from './loosely.mjs';

const steps = (markdown) => stepsOf(markdown).map(({ line, heading, ...step }) => step);

test('a block below a file name is that file', () => {
  assert.deepEqual(steps('Write `a/b.yml`:\n\n```yaml\nx: 1\n```\n'), [{ does: 'write', path: 'a/b.yml', body: 'x: 1\n' }]);
});

test('a block may go below a line of a file, in its place, or to the end', () => {
  assert.deepEqual(
    steps('In `pom.xml`, below\n`<dependencies>`:\n\n```xml\n<x/>\n```\n\nIn `a.js`, instead of `one();`:\n\n```js\ntwo();\n```\n\n' +
      'At the end of `a.js`:\n```js\nthree();\n```\n'),
    [
      { does: 'edit', path: 'pom.xml', how: 'below', anchor: '<dependencies>', body: '<x/>\n' },
      { does: 'edit', path: 'a.js', how: 'instead of', anchor: 'one();', body: 'two();\n' },
      { does: 'append', path: 'a.js', body: 'three();\n' },
    ],
  );
});

test('commands run to their end, or in a terminal, and show something', () => {
  assert.deepEqual(
    steps('```sh\nls\n```\nYou see within 5 seconds:\n```text\na\n```\nIn terminal 2:\n```sh\ntop\n```\nTerminal 2 shows:\n```text\nb\n```\n' +
      'Press Ctrl-C in terminal 2. Then:\n```sh\ndf\n```\n'),
    [
      { does: 'run', script: 'ls\n' },
      { does: 'see', terminal: undefined, seconds: 5, expected: 'a\n' },
      { does: 'start', terminal: '2', script: 'top\n' },
      { does: 'see', terminal: '2', seconds: 0, expected: 'b\n' },
      { does: 'interrupt', terminal: '2' },
      { does: 'run', script: 'df\n' },
    ],
  );
});

test('what is only to be looked at is left alone, and what nobody explains is an error', () => {
  assert.deepEqual(steps('```sh look\nrm -rf /\n```\n'), []);
  assert.throws(() => steps('So:\n\n```java\nclass A {}\n```\n'), /Line 3/);
});

test('items of a list that speak of windows are for the browser', () => {
  assert.deepEqual(steps('- Close window A.\n- Rest.\n'), [{ does: 'look', text: 'Close window A.' }]);
});

test('a section keeps its line numbers', () => {
  const found = stepsOf(section('# A\n```sh\na\n```\n## B\n```sh\nb\n```\n### C\n```sh\nc\n```\n## D\n```sh\nd\n```\n', 'B'));
  assert.deepEqual(found.map(({ line, script }) => [line, script]), [[6, 'b\n'], [10, 'c\n']]);
});

test('expected lines come in order, and an ellipsis is anything', () => {
  assert.equal(missingIn('\x1b[32mINFO\x1b[0m Started App in 2.5 seconds', 'Started App in … seconds\n'), undefined);
  assert.equal(missingIn('{"a":1, "b":[1]}', '{"a":…\n  "b":[1]}\n'), undefined);
  assert.equal(missingIn('two one', 'one\ntwo\n'), 'two');
});
