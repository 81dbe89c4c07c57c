/* What to ask at subscribe time, and what the answer means; pure. */
import { numberOf, positionOf, type Headers } from './message.js';
import { destinationOf } from './names.js';
import type { Position, Recovery } from './types.js';

/** The SUBSCRIBE headers that ask for what was missed. */
export function recoveryHeaders(position: Position | undefined, rewind: number | undefined): Record<string, string> {
  if (position) return { epoch: position.epoch, 'last-seq': String(position.seq) };
  return rewind !== undefined && rewind > 0 ? { rewind: String(rewind) } : {};
}

export interface SubscribeDecision {
  /** Where the subscription goes on; undefined: with the first message that comes. */
  readonly position: Position | undefined;
  /** What to tell the application; undefined when nothing was asked. */
  readonly recovery: Recovery | undefined;
}

/** Reads the RECEIPT of a SUBSCRIBE that asked to continue after `asked`, or for a rewind, or for neither. */
export function decideRecovery(asked: Position | undefined, rewound: boolean, receipt: Headers): SubscribeDecision {
  const live = positionOf(receipt);
  const replayed = numberOf(receipt['replayed']) ?? 0;
  if (!asked && !rewound) return { position: live, recovery: undefined };

  const refusal = refusalOf(asked, live, receipt);
  if (refusal !== undefined) {
    const at = live && { position: live };
    return { position: live, recovery: { recovered: false, replayed: 0, reason: refusal, ...at } };
  }
  const recovery: Recovery = { recovered: true, replayed, ...(live && { position: live }) };
  // `replayed` is an upper bound, so 0 is exact: all numbers between are void. Otherwise the replay moves the position;
  // where a rewind's replay begins only its first message tells.
  return { position: replayed === 0 ? live : asked, recovery };
}

function refusalOf(asked: Position | undefined, live: Position | undefined, receipt: Headers): string | undefined {
  if (receipt['recovered'] === 'false') return receipt['reason'] ?? 'unknown';
  if (!live) return 'unsupported';
  // A plain rewind takes what there is, so a server need not judge it.
  if (!asked) return undefined;
  if (receipt['recovered'] !== 'true') return 'unsupported';
  // "Recovered" into another numbering cannot be: never believe it.
  return live.epoch === asked.epoch ? undefined : 'epoch-changed';
}

/** Longest header, name and value, that a server takes by default (`realtime.limits.max-header-size`), characters. */
const MAX_HEADER = 4_096;

export interface NamedPositions {
  readonly named: readonly string[];
  /** The value of the header, empty where there is none. */
  readonly header: string;
}

/** Names the positions of at most `most` topics, as many as fit into one header, in their order. */
export function positionsHeader(topics: Iterable<{ readonly name: string; readonly position: Position | undefined }>, most: number): NamedPositions {
  const named: string[] = [];
  let header = '';
  for (const { name, position } of topics) {
    if (named.length === most) break;
    if (!position) continue;
    const more = `${header && ','}${encoded(destinationOf(name))}=${position.epoch}-${position.seq}`;
    if ('positions'.length + header.length + more.length > MAX_HEADER) continue;
    header += more;
    named.push(name);
  }
  return { named, header };
}

/** Encodes what separates positions, and blanks at the end, which the server strips. */
function encoded(destination: string): string {
  return destination.replace(/[,=%]|\s+$/g, encodeURIComponent);
}
