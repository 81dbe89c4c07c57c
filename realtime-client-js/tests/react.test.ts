import { Window } from 'happy-dom';
import { createElement, StrictMode, useState, type ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RealtimeClient } from '../src/index.js';
import { RealtimeProvider, useConnectionState, usePresence, useRealtime, useTopic } from '../src/react.js';
import { open, server, until, useServer } from './harness.js';

/** Components in a document that is none of a browser's; the sockets are real. */
describe('with React', () => {
  useServer();
  let createRoot: typeof import('react-dom/client').createRoot;
  let root: Root;
  let element: { readonly textContent: string };

  beforeAll(async () => {
    const window = new Window();
    vi.stubGlobal('window', window);
    vi.stubGlobal('document', window.document);
    vi.stubGlobal('navigator', { userAgent: '' });
    ({ createRoot } = await import('react-dom/client'));
    // They stay: React looks at them after the last test, too, and no other file shares them.
  });
  beforeEach(() => {
    const div = document.createElement('div');
    element = div;
    root = createRoot(div);
  });
  afterEach(() => root.unmount());

  function show(client: RealtimeClient, component: () => ReactNode): void {
    root.render(createElement(StrictMode, null, createElement(RealtimeProvider, { client }, createElement(component))));
  }

  it('a component shows the state of the connection', async () => {
    const client = open();
    show(client, () => useConnectionState().state);
    await until(() => element.textContent === 'live');
    server.refuse = true;
    server.last.cut();
    await until(() => element.textContent === 'offline' || element.textContent === 'connecting');
    server.refuse = false;
    await until(() => element.textContent === 'live');
  });

  it('a component shows messages and those on their way, and leaves the topic when it goes', async () => {
    const client = open();
    let say = (_: string): void => undefined;
    show(client, () => {
      const { messages, sending, send } = useTopic<string>('room', { rewind: 10 });
      say = (text) => void send(text);
      return `${messages.map(({ payload }) => payload).join(',')}|${sending.map(({ payload }) => payload).join(',')}`;
    });
    await until(() => client.state === 'live' && server.last.subscriptions.size === 1);
    server.publish('room', 'a', 'b');
    await until(() => element.textContent === 'a,b|');
    server.refuse = true;
    server.last.cut();
    await until(() => client.state !== 'live');
    say('c');
    await until(() => element.textContent === 'a,b|c');
    server.refuse = false;
    await until(() => element.textContent === 'a,b,c|');
    root.render(null);
    await until(() => server.last.subscriptions.size === 0);
  });

  it('a component starts from a snapshot', async () => {
    server.snapshots.set('price', () => 41);
    const client = open();
    let base = 0;
    show(client, () => {
      const { messages } = useTopic<number, number>('price', { snapshot: (state) => (base = state) });
      return String(messages.reduce((sum, { payload }) => sum + payload, base));
    });
    await until(() => client.state === 'live' && server.last.subscriptions.size === 1);
    server.publish('price', 1);
    await until(() => element.textContent === '42');
  });

  it('a component shows who is there', async () => {
    server.join('room', 'ann');
    const client = open();
    show(client, () => {
      const { members, count } = usePresence('room');
      return `${count}: ${members.join(',')}`;
    });
    await until(() => element.textContent === '1: ann');
    server.join('room', 'bob');
    await until(() => element.textContent === '2: ann,bob');
  });

  it('a component without a provider is told so', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let message = '';
    root = createRoot(document.createElement('div'), { onUncaughtError: (thrown) => (message = (thrown as Error).message) });
    root.render(createElement(() => useRealtime().state));
    await until(() => message !== '');
    expect(message).toContain('RealtimeProvider');
    error.mockRestore();
  });

  it('a wrong option of a hook is an error of its component', async () => {
    const client = open();
    const thrown: unknown[] = [];
    vi.spyOn(console, 'error').mockImplementation((_text, error) => void thrown.push(error));
    root = createRoot(document.createElement('div'), { onUncaughtError: (error) => thrown.push(error) });
    show(client, () => useTopic('room', { limit: 0 }).messages.length);
    await until(() => thrown.length > 0);
    expect(thrown[0]).toEqual(new TypeError('Option limit must be a whole number from 1 to 1000000, not 0'));
    vi.restoreAllMocks();
  });

  it('a component on a closed client shows that, and stays', async () => {
    const client = open();
    void client.close();
    show(client, () => {
      const { messages } = useTopic('room');
      const { count } = usePresence('room');
      return `${useConnectionState().state} ${messages.length} ${count}`;
    });
    await until(() => element.textContent === 'closed 0 0');
    // Effects run after the first picture: what they throw would take it away.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(element.textContent).toBe('closed 0 0');
  });

  it('a component that changes its topic never shows the messages of the other one', async () => {
    const client = open();
    const shown = new Set<string>();
    let change = (_: string): void => undefined;
    show(client, () => {
      const [name, setName] = useState('a');
      change = setName;
      const { messages } = useTopic<string>(name, { rewind: 10 });
      const text = `${name}:${messages.map(({ payload }) => payload).join(',')}`;
      shown.add(text);
      return text;
    });
    await until(() => client.state === 'live' && server.last.subscriptions.size === 1);
    server.publish('a', 'one');
    await until(() => element.textContent === 'a:one');
    change('b');
    await until(() => element.textContent === 'b:');
    expect([...shown]).not.toContain('b:one');
  });

  it('a component keeps as many messages as it may, and hears signals where it is now', async () => {
    const client = open();
    const heard: string[] = [];
    let again = (_: number): void => undefined;
    show(client, () => {
      const [round, setRound] = useState(1);
      again = setRound;
      const { messages } = useTopic('room', { limit: 1, onSignal: ({ type }) => heard.push(`${type} ${round}`) });
      return `${round} ${messages.length}`;
    });
    await until(() => client.state === 'live' && server.last.subscriptions.size === 1);
    again(2);
    await until(() => element.textContent === '2 0');
    server.publish('room', 'a', 'b');
    const [subscription] = server.last.subscriptions.keys();
    server.last.event('signal', { topic: 'room', type: 'cursor', 'subscription-id': subscription ?? '' });
    await until(() => heard.length > 0);
    expect(heard).toEqual(['cursor 2']);
    await until(() => element.textContent === '2 1');
  });
});
