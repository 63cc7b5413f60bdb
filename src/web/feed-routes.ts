import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalid, MootError } from '../core/errors.js';
import type { ArticleInfo } from './api.js';
import { tokenOf } from './bearer.js';
import { type FeedSource, type FeedWriter, writers } from './feed-writers.js';
import { isAny } from './listed.js';
import { type GatewayParts, goneSignal } from './parts.js';
import { parseFeed } from './question.js';
import { readPage } from './reading-routes.js';

/** Articles in a feed; readers come again before so many are missed. */
const length = 50;
/** Readers need not ask more often, s. */
const freshS = 60;

/** The articles of a community, a topic, an author, a query, or of the federation, for feed readers. */
export function feedRoutes(app: FastifyInstance, { communities, pages, listed, own }: GatewayParts): void {
  app.get<{ Params: { file: string } }>('/feeds/:file', async (request, reply) => {
    const { name, writer } = split(request.params.file);
    const query = parseFeed(request.query);
    const token = tokenOf(request);
    // A feed of a community is of what its members wrote, unless it is asked for what it reads.
    const scope = query.scope ?? (isAny(name) ? 'network' : 'local');
    const asked = { ...query, scope, limit: length };
    const signal = goneSignal(reply);
    const { articles, of } = await communities.ask(name, token, async ({ server, community }) => {
      const page =
        token === undefined
          ? await pages.page(server.id, asked, () => readPage(community, asked))
          : await readPage(community, { ...asked, signal });
      return { articles: page.articles, of: isAny(name) ? undefined : server };
    });
    const named = articles.map(
      (article): ArticleInfo => ({ ...article, originName: listed.info(article.origin)?.name ?? article.originName }),
    );
    const source: FeedSource = {
      title: titleOf(of?.name, query),
      base: own.baseOf(request),
      self: request.url,
      community: of?.id,
      articles: named,
    };
    return send(request, reply, writer, writer.write(source), token === undefined);
  });
}

function split(file: string): { readonly name: string; readonly writer: FeedWriter } {
  const dot = file.lastIndexOf('.');
  const [name, kind] = [file.slice(0, Math.max(dot, 0)), file.slice(dot + 1)];
  const writer = Object.hasOwn(writers, kind) ? writers[kind] : undefined;
  if (!writer)
    throw new MootError('not_found', 'a feed ends in .rss, .atom or .json', {
      hint: `/feeds/any.${Object.keys(writers)[0]}`,
    });
  if (name === '') throw invalid('community', 'no community is named');
  return { name, writer };
}

function titleOf(name = 'All communities', { topics = [], author, text }: ReturnType<typeof parseFeed>): string {
  const about = [
    ...(topics.length > 0 ? [topics.join(', ')] : []),
    ...(author === undefined ? [] : [`by ${author}`]),
    ...(text === undefined ? [] : [`“${text}”`]),
  ];
  return [name, ...about].join(' · ');
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type }: FeedWriter,
  feed: string,
  isPublic: boolean,
): FastifyReply {
  const tag = `W/"${createHash('sha256').update(feed).digest('base64url')}"`;
  const caching = isPublic ? `public, max-age=${freshS}` : 'private, no-cache';
  reply.header('etag', tag).header('cache-control', caching).header('vary', 'authorization');
  const known = request.headers['if-none-match']?.split(',').map((each) => each.trim());
  if (known?.includes(tag)) return reply.code(304).send();
  return reply.type(`${type}; charset=utf-8`).send(feed);
}
