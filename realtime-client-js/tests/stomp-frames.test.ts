/* Frames in and out, as STOMP 1.2 has them; see docs/wire-fixtures for those of the server. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StompDecoder } from '../src/stomp-decoder.js';
import { encodeFrame, utf8, type StompFrame } from '../src/stomp-frame.js';

function decode(text: string, maxBytes?: number): StompFrame[] {
  return [...new StompDecoder(maxBytes).decode(utf8(text))];
}

function fixtures(...files: string[]): string[] {
  const read = (file: string) => readFileSync(new URL(`../../docs/wire-fixtures/${file}.json`, import.meta.url), 'utf8');
  return files.flatMap((file) => (JSON.parse(read(file)) as { text: string }[]).map(({ text }) => text));
}

describe('frames of the server', () => {
  const texts = fixtures('message', 'receipt', 'gap', 'denied', 'reconnect', 'expiring', 'signal', 'error', 'bad-frame');
  const frames = texts.flatMap((text) => decode(text));

  it('are what the fixtures say', () => {
    expect(frames).toHaveLength(texts.length);
    expect(decode('MESSAGE\nsubscription:s\nCORP\\c\\\\n\\c:a\\nb\\\\c\\r\ncontent-length:4\n\n\u20AC\0\0')).toEqual([
      { command: 'MESSAGE', headers: { subscription: 's', 'CORP:\\n:': 'a\nb\\c\r', 'content-length': '4' }, body: '\u20AC\0' },
    ]);
  });

  it.each([1, 2, 3, 7, 64, 1_000_000])('come out the same in pieces of %i bytes, whatever ends their lines', (size) => {
    const all = utf8(`\n${texts.join('\n\r\n')}\n`);
    const decoder = new StompDecoder();
    const seen: StompFrame[] = [];
    for (let i = 0; i < all.length; i += size) seen.push(...decoder.decode(all.subarray(i, i + size)));
    expect(seen).toEqual(frames);
    expect(decoder.unfinished).toBe(false);
  });

  it('may end their lines with CR LF', () => {
    expect(decode('RECEIPT\r\nreceipt-id:1\r\n\r\n\0')).toEqual([{ command: 'RECEIPT', headers: { 'receipt-id': '1' }, body: '' }]);
  });

  it('keep the first of several headers of one name, and any name', () => {
    const [frame] = decode('MESSAGE\na:1\na:2\n__proto__:x\nempty:\n spaces : kept \n\n\0');
    expect(Object.entries(frame?.headers ?? {})).toEqual([['a', '1'], ['__proto__', 'x'], ['empty', ''], [' spaces ', ' kept ']]);
  });

  it('have no escapes in CONNECTED', () => {
    expect(decode('CONNECTED\nuser-name:CORP\\nina\n\n\0')[0]?.headers).toEqual({ 'user-name': 'CORP\\nina' });
  });

  it.each([
    ['<!doctype html>\n', 'unknown command: "<!doctype "'],
    ['a line that does not even end', 'unknown command: "a line tha"'],
    ['SEND\n', 'unknown command: "SEND"'],
    ['\uFEFFMESSAGE\n', 'unknown command: "\u00EF\u00BB\u00BFMESSAGE"'],
    ['\0', 'a frame ends before its headers do'],
    ['MESSAGE\na:b\n\0', 'a frame ends before its headers do'],
    ['MESSAGE\nno colon\n\n', 'malformed header line: "no colon"'],
    ['MESSAGE\n:no name\n\n', 'malformed header line: ":no name"'],
    ['MESSAGE\na:b\rc\n\n', 'malformed header line: "a:b\\rc"'],
    ['MESSAGE\ncontent-length:1e3\n\n', 'content-length is not a number: "1e3"'],
    ['MESSAGE\ncontent-length:2\n\nabc\0', 'a body is longer than its content-length'],
    ['RECEIPT\nreceipt-id:1\n\nbody\0', 'RECEIPT has a body'],
    ['CONNECTED\ncontent-length:1\n\n', 'CONNECTED has a body'],
  ])('%j is none', (text, fault) => {
    expect(() => decode(text)).toThrow(`The server broke the protocol: ${fault}`);
  });

  it.each(['\\t', '\\'])('with the escape %j is none', (escape) => {
    expect(() => decode(`MESSAGE\na:b${escape}\n\n\0`)).toThrow(`The server sent an unknown escape in a header: ${escape}`);
  });

  it('has headers that are UTF-8', () => {
    const bytes = utf8('MESSAGE\na:\u{1F600}\n\n\0');
    expect([...new StompDecoder().decode(bytes)][0]?.headers).toEqual({ a: '\u{1F600}' });
    bytes[bytes.length - 4] = 0x20; // The last byte of the emoji.
    expect(() => [...new StompDecoder().decode(bytes)]).toThrow('headers are not UTF-8');
    expect(decode('MESSAGE\na:\uFFFD\n\n\0')[0]?.headers).toEqual({ a: '\uFFFD' });
  });

  it('are told up to the one that is none', () => {
    const seen: string[] = [];
    expect(() => {
      for (const { command } of new StompDecoder().decode(utf8('RECEIPT\n\n\0nonsense\n'))) seen.push(command);
    }).toThrow('unknown command');
    expect(seen).toEqual(['RECEIPT']);
  });

  it('are bounded, in their headers and in their body, by what comes and by what is announced', () => {
    const frame = `MESSAGE\na:b\n\n${'x'.repeat(86)}\0`;
    expect(decode(frame.repeat(3), 100)).toHaveLength(3);
    const tooLarge = 'a frame has more than 99 bytes';
    expect(() => decode(frame, 99)).toThrow(tooLarge);
    expect(() => decode(`MESSAGE\na:${'b'.repeat(100)}`, 99)).toThrow(tooLarge);
    expect(() => decode('MESSAGE\ncontent-length:72\n\n', 99)).toThrow(tooLarge);
    expect(() => decode(`MESSAGE\ncontent-length:${'9'.repeat(400)}\n\n`)).toThrow('a frame has more than 16777216 bytes');
    const decoder = new StompDecoder(99);
    expect(() => { for (let i = 0; i < 100; i++) [...decoder.decode(utf8(i ? 'x' : 'MESSAGE\n\nx'))]; }).toThrow(tooLarge);
  });

  it('take no longer because they come in small pieces', () => {
    const decoder = new StompDecoder();
    const [piece, count] = [utf8('x'.repeat(100)), 100_000];
    const since = performance.now();
    for (const text of ['MESSAGE\n\n', `MESSAGE\ncontent-length:${count * piece.length}\n\n`, 'MESSAGE\na:']) {
      [...decoder.decode(utf8(text))];
      for (let i = 0; i < count; i++) [...decoder.decode(piece)];
      expect([...decoder.decode(utf8(text.endsWith('a:') ? '\n\n\0' : '\0'))]).toHaveLength(1);
    }
    expect(performance.now() - since).toBeLessThan(3_000); // To copy or scan them each time takes minutes.
  });
});

describe('a frame of the client', () => {
  it('has escapes in names and values', () => {
    expect(encodeFrame('SEND', { 'a:b\\': 'c\r\nd:e\0' })).toBe('SEND\na\\cb\\\\:c\\r\\nd\\ce?\n\n\0');
  });

  it('has none in CONNECT', () => {
    expect(encodeFrame('CONNECT', { passcode: 'a:b\\c' })).toBe('CONNECT\npasscode:a:b\\c\n\n\0');
  });

  it('has the length of its body in bytes, whatever the caller says', () => {
    expect(encodeFrame('SEND', { 'content-length': '1' }, '\u20AC\0')).toBe('SEND\ncontent-length:4\n\n\u20AC\0\0');
    expect(encodeFrame('SEND', { 'content-length': '1' })).toBe('SEND\n\n\0');
    expect(encodeFrame('SEND', { a: '\u20AC' }, new Uint8Array([0xff, 0]))).toEqual(
      new Uint8Array([...utf8('SEND\na:\u20AC\ncontent-length:2\n\n'), 0xff, 0, 0]),
    );
  });
});
