import { join } from 'node:path';
import { parseBusUrl } from '../bus/open-bus.js';
import type { CommunityRules } from '../community/community.js';
import { peeringOf } from '../community/policy.js';
import { invalid } from '../core/errors.js';
import { parseName } from '../core/name.js';
import { defaultLimits, type ServerLimits } from '../core/server-limits.js';
import { parseTopic } from '../core/topic.js';
import { parseStoreUrl } from '../store/open-store.js';
import { isPostgresUrl } from '../store/postgres/postgres-url.js';
import { advertised, requirePrivate } from './addresses.js';
import type { ServerConfig } from './config.js';

/** What a configuration comes to. */
export interface ServerPlan {
  /** What the community calls itself at first. */
  readonly name: string;
  readonly rules: CommunityRules;
  readonly limits: ServerLimits;
  /** The data folder. */
  readonly dir: string;
  /** Other replicas may use the same store. */
  readonly isShared: boolean;
}

/** @throws MootError naming what is wrong with `config`, before anything is opened. */
export function planOf(config: ServerConfig): ServerPlan {
  const name = nameOf(config);
  const rules = rulesOf(config);
  requirePrivate(config.host, config.certificate !== undefined, config.insecure);
  advertised(config.host, config.port, config.advertise);
  if (config.store !== undefined) parseStoreUrl(config.store);
  if (config.bus !== undefined) parseBusUrl(config.bus);
  return {
    name,
    rules,
    limits: { ...defaultLimits, ...config.limits },
    dir: config.data ?? join('.moot', name),
    isShared: config.store !== undefined && isPostgresUrl(config.store),
  };
}

/** @throws MootError `invalid` when there is nothing to name the data folder by. */
function nameOf({ name, port, data }: ServerConfig): string {
  if (name !== undefined) return parseName(name);
  if (port === 0 && data === undefined)
    throw invalid('name', 'a server on a free port needs a name or a data folder', 'add --name NAME or --data DIR');
  return `Server${port}`;
}

function rulesOf({ topics, admission, peering, readable }: ServerConfig): CommunityRules {
  for (const topic of topics) parseTopic(topic, 'topics');
  return { topics, admission, peering: peeringOf(peering, admission), readable };
}
