import { expect, it } from 'vitest';
import type { IMessage } from '@stomp/stompjs';
import { WebSocket } from 'ws';
import { StompServer } from './stomp-server.js';

/** An application may use stompjs for other things, in a version of its own. */
it('another user of stompjs on the page gets it as it is', async () => {
  const { Client, FrameImpl } = await import('@stomp/stompjs');
  const before = Object.getOwnPropertyDescriptors(FrameImpl);
  const { connect } = await import('../src/index.js');
  expect(Object.getOwnPropertyDescriptors(FrameImpl)).toEqual(before);

  const server = await StompServer.start();
  const ours = connect({ url: server.url, WebSocket });
  const theirs = new Client({ webSocketFactory: () => new WebSocket(server.url, ['v12.stomp']) });
  try {
    const seen: unknown[] = [];
    ours.topic('t').subscribe(({ payload }) => void seen.push(payload));
    await new Promise<void>((resolve) => ours.onState((state) => state === 'live' && resolve()));
    const message = await new Promise<IMessage>((resolve) => {
      theirs.onConnect = () => {
        theirs.subscribe('/topic/t', resolve);
        theirs.publish({ destination: '/topic/t', body: '"hi"', headers: { 'content-type': 'application/json' } });
      };
      theirs.activate();
    });
    expect(JSON.parse(message.body)).toBe('hi');
    await ours.topic('t').publish('there');
    expect(seen).toEqual(['hi', 'there']);
  } finally {
    await theirs.deactivate();
    await ours.close();
    await server.stop();
  }
});
