import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MootError } from '../core/errors.js';
import type { Membership, Published } from './api.js';
import { requireToken } from './bearer.js';
import type { Asked } from './communities.js';
import { type GatewayParts, goneSignal, type InCommunity, type OfArticle } from './parts.js';
import { read } from './question.js';
import { toIso } from './to-json.js';

const joinForm = z.strictObject({ name: z.string(), invite: z.string().nullish() });
const articleForm = z.strictObject({
  topic: z.string(),
  title: z.string().nullish(),
  body: z.string(),
  replyTo: z.string().nullish(),
  key: z.string().min(1),
});
const reasonForm = z.strictObject({ reason: z.string().nullish() });

/** What somebody does who has a membership, or wants one. Its token is theirs to keep: nothing of it stays here. */
export function membershipRoutes(app: FastifyInstance, { moot, communities }: GatewayParts): void {
  app.post<InCommunity>('/api/communities/:community/join', async (request, reply): Promise<Membership> => {
    const { name, invite } = read(joinForm, request.body);
    const { server } = await communities.open(request.params.community, undefined);
    const person = await moot.forAnother();
    const options = { as: name, invite: invite ?? undefined, signal: goneSignal(reply) };
    const community = await person.join(server.id, options);
    const { token = null, isWaiting: waiting } = community;
    if (waiting) return { ...who(server), memberId: '', name, token, waiting, role: '' };
    const { id: memberId, role } = await community.membershipThere(options);
    return { ...who(server), memberId, name, token, waiting, role };
  });

  app.get<InCommunity>('/api/communities/:community/membership', async (request, reply): Promise<Membership> => {
    const options = { signal: goneSignal(reply) };
    const { server, community } = await communities.open(request.params.community, requireToken(request));
    const { state, reason } = await community.standing(options);
    const said = { ...who(server), token: null };
    if (state === 'waiting') return { ...said, memberId: '', name: '', waiting: true, role: '' };
    if (state === 'refused')
      throw new MootError('denied', `${server.name} has refused to let you in${reason === '' ? '' : `: ${reason}`}`);
    const { id: memberId, name, role } = await community.membershipThere(options);
    return { ...said, memberId, name, waiting: false, role };
  });

  app.post<InCommunity>('/api/communities/:community/leave', async (request, reply): Promise<object> => {
    const options = { signal: goneSignal(reply) };
    const token = requireToken(request);
    const { server, community } = await communities.open(request.params.community, token);
    const isWaiting = (await community.standing(options)).state === 'waiting';
    const person = await moot.forAnother({ server, token, isWaiting });
    await (await person.listedCommunity(server)).leave(options);
    return {};
  });

  app.post<InCommunity>('/api/communities/:community/articles', async (request, reply): Promise<Published> => {
    const { key, topic, title, body, replyTo } = read(articleForm, request.body);
    const { community } = await communities.open(request.params.community, requireToken(request));
    const draft = { topic, title: title ?? undefined, body, replyTo: replyTo ?? undefined };
    const published = await community.publish(draft, { key, signal: goneSignal(reply) });
    const { id, origin, epoch, seq, publishedAtMs, duplicate, held = false } = published;
    return { id, origin, epoch: String(epoch), seq: String(seq), publishedAt: toIso(publishedAtMs), duplicate, held };
  });

  app.post<OfArticle>('/api/communities/:community/articles/:id/retract', async (request, reply) => {
    const { reason } = read(reasonForm, request.body);
    const { community } = await communities.open(request.params.community, requireToken(request));
    const { id } = await community.retract(request.params.id, { reason: reason ?? '', signal: goneSignal(reply) });
    return { id };
  });
}

function who({ id, name }: Asked['server']): Pick<Membership, 'community' | 'communityName'> {
  return { community: id, communityName: name };
}
