// The face of the SDK: what `import … from 'moot-network'` gives.
export type { Draft } from '../core/draft.js';
export type { SealedArticle } from '../core/entry.js';
export { type ErrorCode, isMootError, MootError } from '../core/errors.js';
export type { Outcome, Report, Row } from '../core/row.js';
export type { Published } from '../core/stores.js';
export type { Answer } from './answer.js';
export type { Community } from './community.js';
export { type ConnectOptions, connect } from './connect.js';
export type { Description } from './describe.js';
export type { JoinOptions, Moot } from './moot.js';
export type { Operator } from './operator.js';
export type { OperatorOptions } from './operator-token.js';
export type { PublishItem } from './publish-window.js';
export type { QueryOptions } from './query.js';
export type { ServerFilter } from './registries.js';
export type { Article, CallOptions, Joined, PeerInfo, PublishResult, ServerInfo } from './types.js';
