/*
 * The documents over HTTP of the tiny realtime server, as docs/protocol.md has them: history, members, unread counts,
 * snapshots and tickets.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StompServer } from './stomp-server.js';

export type Answer = (response: ServerResponse, url: URL, request: IncomingMessage) => void;

export class HttpDocuments {
  /** How many tickets were given out. */
  tickets = 0;

  constructor(private readonly server: StompServer) {}

  readonly answer: Answer = (response, url, request) => {
    const what = url.pathname.split('/').at(-1);
    const topic = url.searchParams.get('topic') ?? '';
    if (url.pathname === '/realtime/unread') {
      return json(response, 200, url.searchParams.getAll('topic').flatMap((name) => this.server.unreadStates.get(name) ?? []));
    }
    if (what === 'ticket') return json(response, 200, { ticket: `t${++this.tickets}`, expiresInMs: 30_000 });
    if (what === 'read') return this.#read(response, topic, request);
    if (what === 'presence') return this.#members(response, topic);
    if (what === 'snapshot') {
      const snapshot = this.server.snapshots.get(topic);
      const { epoch, latest: seq } = this.server.log(topic);
      return snapshot ? json(response, 200, { topic, epoch, seq, state: snapshot() }) : json(response, 404, {});
    }
    const log = this.server.log(topic);
    const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
    const [after, before, limit] = [number('after', 0), number('before', Infinity), number('limit', 100)];
    const all = log.after(after).filter(({ seq }) => seq < before);
    const messages = all.slice(0, limit);
    const hasMore = all.length > limit;
    json(response, 200, {
      topic,
      epoch: log.epoch,
      messages: messages.map(({ seq, body, contentType, headers: { id, ...headers } }) => ({
        seq, ...(id !== undefined && { id }), timestamp: 1_700_000_000_000 + seq, headers, contentType,
        payload: contentType.includes('json') ? (JSON.parse(body) as unknown) : body,
      })),
      through: hasMore ? messages.at(-1)?.seq : log.latest,
      latest: log.latest,
      hasMore,
    });
  };

  #members(response: ServerResponse, topic: string): void {
    const users = this.server.members.get(topic);
    if (!users) return json(response, 200, { topic, count: 1, members: [{ user: 'ada', connections: 2 }] });
    const { epoch, latest: seq } = this.server.log(`_presence.${topic}`);
    const members = [...users].map((user) => ({ user, connections: 1 }));
    json(response, 200, { topic, epoch, seq, count: users.size, members });
  }

  #read(response: ServerResponse, topic: string, request: IncomingMessage): void {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk))).on('end', () => {
      const { latest, epoch } = this.server.log(topic);
      const { seq } = body ? (JSON.parse(body) as { seq: number }) : { seq: latest };
      this.server.unread(topic, latest - seq, seq);
      json(response, 200, { topic, epoch, unread: latest - seq, latest, read: seq });
    });
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  const [type, document] = status < 400 ? ['application/json', body] : ['application/problem+json', { status, detail: 'A sentence', ...(body as object) }];
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(document));
}
