/* STOMP 1.2 frames as text, and back. */
export interface Frame {
  readonly command: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function encode({ command, headers, body = '' }: { command: string; headers: object; body?: string }): string {
  const escape = (value: unknown) =>
    command === 'CONNECTED' ? String(value) : String(value).replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/:/g, '\\c');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${escape(value)}\n`);
  return `${command}\n${lines.join('')}\n${body}\0`;
}

export function decode(text: string): Frame[] {
  return text.split('\0').map((raw) => raw.replace(/^\n+/, '')).filter(Boolean).map((raw) => {
    const end = raw.indexOf('\n\n');
    const [command = '', ...lines] = raw.slice(0, end).split('\n');
    const unescape = (value: string) => (command === 'CONNECT' ? value : value.replace(/\\c/g, ':'));
    const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), unescape(line.slice(line.indexOf(':') + 1))]);
    return { command, headers: Object.fromEntries(headers) as Record<string, string>, body: raw.slice(end + 2) };
  });
}
