import type { DemoCommunity } from './demo-community.js';
import { hamlet } from './hamlet.js';
import { observatory } from './observatory.js';
import { workshop } from './workshop.js';

/** What `moot demo` fills its communities with, in the order in which it starts them. */
export const demoCommunities: readonly DemoCommunity[] = [hamlet, observatory, workshop];
