// The face of the SDK: what `import … from 'moot-network'` gives.
export type { Order } from '../core/asking.js';
export type { Start } from '../core/cursor.js';
export type { Draft } from '../core/draft.js';
export type { Entry, EntryKind, Proof, Seal, SealedArticle } from '../core/entry.js';
export { type ErrorCode, type ErrorDetails, isMootError, MootError } from '../core/errors.js';
export type { ArticleRefusal, HeldArticle } from '../core/held.js';
export type { EntryId, OriginId } from '../core/ids.js';
export type { LinkLoad, Load } from '../core/load.js';
export type { LogPlace } from '../core/log.js';
export type { ActKind, Ban, HiddenArticle, Invite, JoinRequest, NotedAct, Role } from '../core/moderation.js';
export type { Refusal } from '../core/peering.js';
export type { Outcome, Report, Row, SignedStatement } from '../core/row.js';
export type { ServerLimits } from '../core/server-limits.js';
export type { ServerSettings } from '../core/server-settings.js';
export type { Author, Published } from '../core/stores.js';
export type { Hop } from '../core/trace.js';
export type { Answer } from './answer.js';
export type { Community } from './community.js';
export { type ConnectOptions, connect } from './connect.js';
export type { Description } from './describe.js';
export type { FeedEvent, UnfedLink } from './feed-events.js';
export type { MapOptions } from './map.js';
export type { Moderation, Why } from './moderation.js';
export type { Held, JoinOptions, Moot } from './moot.js';
export type { MapLink, MapServer, NetworkMap, Walk } from './network-map.js';
export type { Denied, DenyOptions, Operator } from './operator.js';
export type { OperatorOptions } from './operator-token.js';
export { type ArticleProof, proofOf } from './proof.js';
export type { PublishItem } from './publish-window.js';
export type { QueryOptions } from './query.js';
export type { ServerFilter } from './registries.js';
export type { SubscribeOptions, Subscription } from './subscription.js';
export type {
  ActInfo,
  Article,
  BanInfo,
  CallOptions,
  HeldInfo,
  HiddenInfo,
  InviteInfo,
  Joined,
  MemberInfo,
  PeerInfo,
  PublishResult,
  RegistryInfo,
  RequestInfo,
  Retracted,
  ServerInfo,
  TokenInfo,
} from './types.js';
export type { ServerEvent, WatchOptions } from './watch-servers.js';
