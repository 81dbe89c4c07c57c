export { connect } from './client.js';
export { CloseCode } from './close-codes.js';
export { RealtimeError, RealtimeHttpError, type ErrorKind, type Problem } from './errors.js';
export type { ConnectOptions, WebSocketConstructor } from './options.js';
export type {
  ClientState, Gap, HistoryPage, HistoryQuery, MessageHandler, Position, PresenceSnapshot, PublishOptions, RealtimeClient,
  RealtimeMessage, Recovery, StateDetail, StateListener, SubscribeOptions, Subscription, Topic,
} from './types.js';
