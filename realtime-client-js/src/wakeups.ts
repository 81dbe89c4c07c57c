/*
 * What a device says about its network and its screen. No global is taken for granted: Node and React Native have few of
 * them; there the application calls `client.wake()`.
 */

/** `online` and `network`: there is another network than before; `visible`: the page is looked at again, or something like it. */
export type Wakeup = 'online' | 'offline' | 'network' | 'visible' | 'hidden';

interface Target {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

export function onWakeup(listener: (wakeup: Wakeup) => void): () => void {
  const { document, navigator } = globalThis as { document?: Document; navigator?: Navigator & { connection?: unknown } };
  const ends: (() => void)[] = [];
  const on = (target: unknown, type: string, call: () => void): void => {
    if (!isTarget(target)) return;
    target.addEventListener(type, call);
    ends.push(() => target.removeEventListener?.(type, call));
  };
  on(globalThis, 'online', () => listener('online'));
  on(globalThis, 'offline', () => listener('offline'));
  on(globalThis, 'pageshow', () => listener('visible'));
  on(globalThis, 'pagehide', () => listener('hidden'));
  on(document, 'visibilitychange', () => listener(document?.visibilityState === 'hidden' ? 'hidden' : 'visible'));
  const connection = navigator?.connection as { readonly type?: string } | undefined;
  let type = connection?.type;
  on(connection, 'change', () => {
    // Chrome fires it for every new estimate of the speed, too; on desktops it does not tell the type.
    const changed = type !== connection?.type;
    type = connection?.type;
    listener(changed ? 'network' : 'visible');
  });
  return () => ends.splice(0).forEach((end) => end());
}

function isTarget(target: unknown): target is Target {
  return typeof (target as Partial<Target> | undefined)?.addEventListener === 'function';
}
