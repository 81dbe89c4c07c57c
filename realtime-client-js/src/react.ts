'use client';
/* Hooks for React, over any client; the package itself knows nothing of React. */
import {
  createContext, createElement, useContext, useEffect, useMemo, useRef, useState, type ReactElement, type ReactNode,
} from 'react';
import { check, checkAll, FUNCTION, OBJECT, SUBSCRIBE, whole, type Checks } from './checks.js';
import type { RealtimeClient, SendOptions, Sending, Topic } from './api.js';
import type { ClientState, Gap, Position, RealtimeMessage, StateDetail, SubscribeOptions, Subscription } from './types.js';

const OPTIONS: Checks = { ...SUBSCRIBE, limit: whole(1, 1_000_000), onMessage: FUNCTION };

const Client = createContext<RealtimeClient | undefined>(undefined);

export function RealtimeProvider({ client, children }: { client: RealtimeClient; children?: ReactNode }): ReactElement {
  check('The client of RealtimeProvider', client, OBJECT);
  return createElement(Client.Provider, { value: client }, children);
}

/** The client of the nearest `RealtimeProvider`. */
export function useRealtime(): RealtimeClient {
  const client = useContext(Client);
  if (!client) throw new Error('There is no RealtimeProvider around this component');
  return client;
}

export interface ConnectionState {
  readonly state: ClientState;
  readonly detail: StateDetail | undefined;
}

export function useConnectionState(): ConnectionState {
  const client = useRealtime();
  const [now, setNow] = useState<ConnectionState>({ state: client.state, detail: undefined });
  useEffect(() => {
    // It may have changed between the first look and this effect.
    setNow((before) => (before.state === client.state ? before : { state: client.state, detail: undefined }));
    return client.onState((state, detail) => setNow({ state, detail }));
  }, [client]);
  return now;
}

export interface UseTopicOptions<T, S> extends Omit<SubscribeOptions<S>, 'snapshot'> {
  /** How many messages are kept, the newest, 1 to 1,000,000. Default 200. */
  readonly limit?: number | undefined;
  /** Called with each message, too. */
  readonly onMessage?: ((message: RealtimeMessage<T>) => void) | undefined;
  readonly snapshot?: ((state: S, position: Position | undefined) => void) | undefined;
}

export interface TopicView<T> {
  readonly topic: Topic;
  /** In seq order, each once. */
  readonly messages: readonly RealtimeMessage<T>[];
  /** What is missing among them. */
  readonly gaps: readonly Gap[];
  /** Own messages that have not come back yet. */
  readonly sending: readonly Sending[];
  send(payload: T, options?: SendOptions): Sending<T>;
}

interface TopicState<T> {
  readonly topic: Topic;
  readonly messages: readonly RealtimeMessage<T>[];
  readonly gaps: readonly Gap[];
  readonly sending: readonly Sending[];
}

/** Subscribes while the component is there. Options are read when the topic changes, callbacks at each call. */
export function useTopic<T = unknown, S = unknown>(name: string, options: UseTopicOptions<T, S> = {}): TopicView<T> {
  checkAll('The options of useTopic', options, OPTIONS);
  const client = useRealtime();
  const topic = useMemo(() => client.topic(name), [client, name]);
  const latest = useRef(options);
  latest.current = options;
  const empty = useMemo((): TopicState<T> => ({ topic, messages: [], gaps: [], sending: [] }), [topic]);
  const [state, setState] = useState(empty);

  useEffect(() => {
    const { limit = 200, onMessage: _, snapshot, ...first } = latest.current;
    const change = (next: (before: TopicState<T>) => Partial<TopicState<T>>): void =>
      setState((before) => ({ ...before, ...next(before) }));
    const newest = <E>(all: readonly E[], one: E): readonly E[] => [...all, one].slice(-limit);
    setState(empty);
    const subscribe = (): Subscription => topic.subscribe<T, S>((message) => {
      change(({ messages }) => ({ messages: newest(messages, message) }));
      latest.current.onMessage?.(message);
    }, {
      ...first,
      ...(snapshot && {
        snapshot: (loaded: S, position: Position | undefined) => {
          // What was there before is part of the state.
          change(() => ({ messages: [], gaps: [] }));
          latest.current.snapshot?.(loaded, position);
        },
      }),
      onGap: (gap) => {
        change(({ gaps }) => ({ gaps: newest(gaps, gap) }));
        latest.current.onGap?.(gap);
      },
      onLeftOut: (gap) => latest.current.onLeftOut?.(gap),
      onRecovered: (recovery) => latest.current.onRecovered?.(recovery),
      onSignal: (signal) => latest.current.onSignal?.(signal),
      ...(first.onError && { onError: (error: unknown) => latest.current.onError?.(error) }),
    });
    const subscription = openOf(client, subscribe);
    const ended = topic.onSend((own) => {
      change(({ sending }) => ({
        sending: [...sending.filter(({ id }) => id !== own.id), ...(own.state === 'sent' ? [] : [own])],
      }));
    });
    return () => {
      ended();
      subscription?.unsubscribe();
    };
  }, [topic, empty]);

  // Right after a change of the topic the state is still that of the one before.
  const { messages, gaps, sending } = state.topic === topic ? state : empty;
  return { topic, messages, gaps, sending, send: (payload, sendOptions) => topic.send(payload, sendOptions) };
}

/** A closed client takes no subscriptions. That is a state to be shown, and no reason to take the component down. */
function openOf<R>(client: RealtimeClient, open: () => R): R | undefined {
  return client.state === 'closed' ? undefined : open();
}

export interface PresenceView {
  readonly members: readonly string[];
  readonly count: number;
}

export function usePresence(name: string): PresenceView {
  const client = useRealtime();
  const [view, setView] = useState<PresenceView>({ members: [], count: 0 });
  useEffect(() => {
    setView({ members: [], count: 0 });
    const watching = openOf(client, () =>
      client.topic(name).watchPresence({ onChange: (members, count) => setView({ members, count }) }));
    return () => watching?.stop();
  }, [client, name]);
  return view;
}
