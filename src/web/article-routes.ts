import type { FastifyInstance } from 'fastify';
import { type Article, type CallOptions, type Community, proofOf } from '../client/index.js';
import { MootError } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import type { ArticleInfo, ArticleView, Proof } from './api.js';
import { tokenOf } from './bearer.js';
import { type GatewayParts, goneSignal, type OfArticle } from './parts.js';
import { readPage } from './reading-routes.js';
import { toArticleInfo } from './to-json.js';

/** Each step up is a question to the network. */
const mostAncestors = 20;
const mostReplies = 500;

/** One article with what it answers and what answers it, and the proof that it is what its community sealed. */
export function articleRoutes(app: FastifyInstance, { communities }: GatewayParts): void {
  app.get<OfArticle>('/api/communities/:community/articles/:id', async (request, reply): Promise<ArticleView> => {
    const { community: name, id } = request.params;
    fromId(id);
    const options = { signal: goneSignal(reply) };
    return communities.ask(name, tokenOf(request), async ({ community }) => {
      const [article, page] = await Promise.all([
        requireArticle(community, id, options).then(toArticleInfo),
        readPage(community, { ...options, replyTo: id, limit: mostReplies }),
      ]);
      const ancestors = await ancestorsOf(community, article, options);
      return { article, ancestors, replies: [...page.articles].reverse(), report: page.report };
    });
  });

  app.get<OfArticle>('/api/communities/:community/articles/:id/proof', async (request, reply): Promise<Proof> => {
    const { community: name, id } = request.params;
    fromId(id);
    const options = { signal: goneSignal(reply) };
    return communities.ask(name, tokenOf(request), async ({ community }) =>
      toProof(await requireArticle(community, id, options)),
    );
  });
}

/** @throws MootError `not_found`, with who could not be asked. */
async function requireArticle(community: Community, id: string, options: CallOptions): Promise<Article> {
  const answer = community.query({ ...options, ids: [id], limit: 1 });
  for await (const article of answer) return article;
  const { complete, rows } = await answer.report;
  const silent = rows.filter(({ outcome }) => outcome !== 'ANSWERED').map(({ name, serverId }) => name || serverId);
  throw new MootError('not_found', 'no community that answered has this article', {
    field: 'id',
    ...(complete ? {} : { hint: `not heard: ${silent.join(', ')}` }),
  });
}

/** The oldest first, as far as they can be had. */
async function ancestorsOf(
  community: Community,
  article: ArticleInfo,
  options: CallOptions,
): Promise<readonly ArticleInfo[]> {
  const ancestors: ArticleInfo[] = [];
  for (let { replyTo } = article; replyTo !== null && ancestors.length < mostAncestors; ) {
    const { articles } = await readPage(community, { ...options, ids: [replyTo], limit: 1 });
    const [found] = articles;
    if (!found) break;
    ancestors.unshift(found);
    replyTo = found.replyTo;
  }
  return ancestors;
}

function toProof(article: Article): Proof {
  const proof = proofOf(article);
  if (!proof) throw new MootError('damaged', 'the article came without its proof');
  const { bytes, leafIndex, commitSize, path, signedBytes, signature, publicKey } = proof;
  return {
    bytes: base64(bytes),
    leafIndex,
    commitSize,
    path: path.map(base64),
    signedBytes: base64(signedBytes),
    signature: base64(signature),
    publicKey: base64(publicKey),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
