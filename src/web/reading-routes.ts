import type { FastifyInstance } from 'fastify';
import type { QueryOptions } from '../client/index.js';
import { codeOf, invalid } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import type { CommunityDetail, Gateway, Members, Page, Trace } from './api.js';
import { requireToken, tokenOf } from './bearer.js';
import type { Asked } from './communities.js';
import { isAny } from './listed.js';
import { type GatewayParts, goneSignal, type InCommunity, type OfArticle } from './parts.js';
import { parsePage } from './question.js';
import { toArticleInfo, toCommunityInfo, toDetail, toMemberRow, toReportInfo, toTrace } from './to-json.js';

/** A page shows no more of them. */
const mostMembers = 10_000;

/** What can be read, by members and, where a community is public, by anyone. */
export function readingRoutes(app: FastifyInstance, { communities, pages, only, version }: GatewayParts): void {
  app.get('/api/gateway', async (): Promise<Gateway> => ({ version, community: only ?? null }));

  app.get<InCommunity>('/api/communities/:community', async (request, reply): Promise<CommunityDetail> => {
    const options = { signal: goneSignal(reply) };
    return communities.ask(request.params.community, tokenOf(request), async ({ server, community }) => {
      const { id, ...said } = await community.describe(options);
      const load = await community.load(options).catch((error: unknown) => {
        if (codeOf(error) === 'unauthenticated') return undefined;
        throw error;
      });
      return toDetail(toCommunityInfo({ ...server, ...said, id }), load);
    });
  });

  app.get<InCommunity>('/api/communities/:community/articles', async (request, reply): Promise<Page> => {
    const { community: name } = request.params;
    const asked = parsePage(request.query);
    const token = isAny(name) ? undefined : tokenOf(request);
    if (asked.page === undefined && token === undefined)
      return communities.ask(name, undefined, async ({ server, community }) => {
        const page = await pages.page(server.id, asked, () => readPage(community, asked));
        return isAny(name) ? at(server.id, page) : page;
      });
    const options = { ...asked, signal: goneSignal(reply) };
    if (!isAny(name)) return communities.ask(name, token, ({ community }) => readPage(community, options));
    // The next page is to be asked where the one before was.
    const [where = 'any', page] = asked.page === undefined ? [] : splitPage(asked.page);
    return communities.ask(where, undefined, async ({ server, community }) =>
      at(server.id, await readPage(community, { ...options, page })),
    );
  });

  app.get<OfArticle>('/api/communities/:community/articles/:id/trace', async (request, reply): Promise<Trace> => {
    const { community: name, id } = request.params;
    fromId(id);
    const options = { signal: goneSignal(reply) };
    return communities.ask(name, tokenOf(request), async ({ community }) =>
      toTrace(await community.trace(id, options)),
    );
  });

  app.get<InCommunity>('/api/communities/:community/members', async (request, reply): Promise<Members> => {
    const { community } = await communities.open(request.params.community, requireToken(request));
    const members = [];
    for await (const member of community.members({ signal: goneSignal(reply) })) {
      members.push(toMemberRow(member));
      if (members.length >= mostMembers) break;
    }
    return { members };
  });
}

/** One page of articles, whole, with its report. */
export async function readPage(community: Asked['community'], options: QueryOptions): Promise<Page> {
  const answer = community.query(options);
  const articles = [];
  for await (const article of answer) articles.push(toArticleInfo(article));
  return { articles, report: toReportInfo(await answer.report) };
}

/** A page of the federation, whose next one says where it is to be asked for. */
function at(id: string, { articles, report }: Page): Page {
  return { articles, report: { ...report, next: report.next === null ? null : `${id}.${report.next}` } };
}

function splitPage(page: string): readonly [string, string] {
  const [, id, token] = /^([0-9a-v]{52})\.(.+)$/.exec(page) ?? [];
  if (id === undefined || token === undefined) throw invalid('page', 'page is not one that this gateway gave');
  return [id, token];
}
