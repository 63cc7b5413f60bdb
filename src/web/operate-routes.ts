import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type {
  ActInfo,
  CallOptions,
  HeldInfo,
  Moderation,
  Operator,
  PeerInfo,
  ServerSettings,
} from '../client/index.js';
import { codeOf, MootError } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import type { HeldRow, Operated, PeerRow } from './api.js';
import { requireToken } from './bearer.js';
import { type GatewayParts, goneSignal, type InCommunity } from './parts.js';
import { read } from './question.js';
import { toCommunityInfo, toIso, toMemberRow } from './to-json.js';

/** The newest acts that are shown, and how many members. */
const mostActs = 200;
const mostMembers = 1000;
const mostHeld = 200;

const actForm = z.strictObject({
  id: z.string().min(1),
  reason: z.string().nullish(),
  until: z.iso.datetime({ offset: true }).nullish(),
  ban: z.boolean().nullish(),
});

interface Hands {
  readonly operator: Operator;
  readonly moderation: Moderation;
}

/** Whom or what an act is about, and why. */
interface About extends CallOptions {
  readonly id: string;
  readonly reason: string;
  readonly untilMs: number | undefined;
  readonly ban: boolean;
}

type Act = (hands: Hands, about: About) => Promise<unknown>;

/** A community is meant by its whole id: an address would be dialled. */
const acts: Readonly<Record<string, Act>> = {
  approve: ({ operator }, { id, ...options }) => operator.approve(whole(id), options),
  deny: ({ operator }, { id, ...why }) => operator.deny(whole(id), why),
  silence: ({ operator }, { id, ...why }) => operator.deny(whole(id), { ...why, silence: true }),
  admit: ({ moderation }, { id, ...options }) => moderation.admit(id, options),
  refuse: ({ moderation }, { id, ...why }) => moderation.refuse(id, why),
  remove: ({ moderation }, { id, ...why }) => moderation.remove(id, why),
  hide: ({ moderation }, { id, ...why }) => moderation.hide(id, why),
  unhide: ({ moderation }, { id, ...options }) => moderation.unhide(id, options),
  retract: ({ moderation }, { id, ...why }) => moderation.retract(id, why),
  release: ({ moderation }, { id, ...options }) => moderation.release(id, options),
  refuseArticle: ({ moderation }, { id, ...why }) => moderation.refuseArticle(id, why),
};

function whole(id: string): string {
  fromId(id);
  return id;
}

function readAct(body: unknown): Omit<About, keyof CallOptions> {
  const { id, reason, until, ban } = read(actForm, body);
  return { id, reason: reason ?? '', untilMs: until ? Date.parse(until) : undefined, ban: ban ?? false };
}

/** What its operator, or a moderator with their member's token, sees and does. */
export function operateRoutes(app: FastifyInstance, { moot, communities }: GatewayParts): void {
  const handsOf = async (name: string, token: string): Promise<Hands> => {
    const { server } = await communities.open(name, undefined);
    const [operator, moderation] = await Promise.all([
      moot.operator(server.id, { token }),
      moot.moderation(server.id, { token }),
    ]);
    return { operator, moderation };
  };

  app.get<InCommunity>('/api/communities/:community/operate', async (request, reply): Promise<Operated> => {
    const options = { signal: goneSignal(reply) };
    const { community: name } = request.params;
    const { operator, moderation } = await handsOf(name, requireToken(request, 'the operator’s'));
    const { server, community } = await communities.open(name, undefined);
    const requests = await moderation.requests(options);
    const [said, peers, callers, members, held, limits, audit] = await Promise.all([
      community.describe(options),
      operatorsAlone(operator.peers(options), []),
      operatorsAlone(operator.callers(options), []),
      firstOf(moderation.tokens(options), mostMembers),
      firstOf(moderation.held(options), mostHeld),
      operatorsAlone(moderation.settings(options).then(limitsOf), {}),
      lastActs(moderation, options),
    ]);
    return {
      community: toCommunityInfo({ ...server, ...said }),
      peers: peers.map((peer) => toPeerRow(peer.to, peer)),
      callers: callers.map((caller) => toPeerRow(caller.from, caller)),
      requests: requests.map(({ id, name, askedAtMs }) => ({ id, name, askedAt: toIso(askedAtMs) })),
      members: members.map(toMemberRow),
      held: held.map(toHeldRow),
      limits,
      audit: audit.map((act) => ({
        at: toIso(act.atMs),
        by: act.by.memberName,
        what: act.kind,
        about: act.aboutName || act.about,
        reason: act.reason || null,
      })),
    };
  });

  app.post<{ Params: { community: string; act: string } }>(
    '/api/communities/:community/operate/:act',
    async (request, reply): Promise<object> => {
      const { community, act: name } = request.params;
      const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
      if (!act)
        throw new MootError('not_found', 'there is no such act', { field: 'act', hint: Object.keys(acts).join(', ') });
      const hands = await handsOf(community, requireToken(request, 'the operator’s'));
      await act(hands, { ...readAct(request.body), signal: goneSignal(reply) });
      return {};
    },
  );
}

/** What the operator is told, and a moderator is not. */
async function operatorsAlone<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  return asked.catch((error: unknown) => {
    if (codeOf(error) === 'denied') return otherwise;
    throw error;
  });
}

function limitsOf({ limits }: ServerSettings): Operated['limits'] {
  return Object.fromEntries(Object.entries(limits).map(([name, most]) => [name, Number.isFinite(most) ? most : null]));
}

async function firstOf<T>(items: AsyncIterable<T>, most: number): Promise<readonly T[]> {
  const first: T[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length >= most) break;
  }
  return first;
}

/** The newest first. */
async function lastActs(moderation: Moderation, options: CallOptions): Promise<readonly ActInfo[]> {
  let last: ActInfo[] = [];
  for await (const act of moderation.audit(options)) {
    last.push(act);
    if (last.length > 2 * mostActs) last = last.slice(-mostActs);
  }
  return last.slice(-mostActs).reverse();
}

function toHeldRow({ id, member, draft, heldAtMs }: HeldInfo): HeldRow {
  const { topic, title = null, body, replyTo = null } = draft;
  const { memberId, memberName } = member;
  return { id, memberId, member: memberName, topic, title, body, replyTo, heldAt: toIso(heldAtMs) };
}

function toPeerRow(id: string, peer: PeerInfo): PeerRow {
  const { name, state, sinceMs, lagMs = null, level = null, reason = null, untilMs } = peer;
  const until = untilMs === undefined ? null : toIso(untilMs);
  return { id, name, state, since: toIso(sinceMs), lagMs, level, reason, until };
}
