export { connect } from './client.js';
export { CloseCode } from './close-codes.js';
export { RealtimeError, RealtimeHttpError, type ErrorKind, type Problem, type Verdict } from './errors.js';
export { localStorageStore } from './positions.js';
export type { ConnectOptions, WebSocketConstructor } from './options.js';
export type {
  Messages, MessagesOptions, PresenceListener, PresenceWatch, RealtimeClient, SendListener, SendOptions, Sending, SendingState,
  Topic, Topics, Typing, Unread, UnreadListener, UnreadState, UnreadWatch,
} from './api.js';
export type {
  ClientState, Gap, HistoryPage, HistoryQuery, MessageHandler, PatternGap, PatternOptions, PatternRecovery,
  PatternSubscription, SubscriptionToken, Position, PositionStore, PresenceSnapshot, PublishOptions, RealtimeMessage, Recovery, Signal, StateDetail, StateListener, SubscribeOptions, Subscription, TransportName,
} from './types.js';
