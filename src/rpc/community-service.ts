import type { Community } from '../community/community.js';
import type { PublishOutcome, Submitted } from '../community/publishing.js';
import { type ErrorCode, MootError } from '../core/errors.js';
import type { Author } from '../core/stores.js';
import type { QueryFrame } from '../federation/query.js';
import { toWireArticles } from '../wire/convert-article.js';
import { toWireDescription } from '../wire/convert-description.js';
import { fromWirePublish, toWirePublished, toWireRetracted } from '../wire/convert-draft.js';
import { toWireHeld } from '../wire/convert-held.js';
import { toWireLoad } from '../wire/convert-load.js';
import { toWireMember } from '../wire/convert-member.js';
import { fromWireQuery, toWireReport } from '../wire/convert-query.js';
import { toWireRow } from '../wire/convert-row.js';
import { toWireHops } from '../wire/convert-trace.js';
import {
  type CommunityServiceServer,
  CommunityServiceService,
  type PublishRequest,
  type PublishResult,
  type PublishStreamRequest,
  type PublishStreamResponse,
  type QueryRequest,
  type QueryResponse,
} from '../wire/gen/moot/v1/community.js';
import { asMember } from './caller.js';
import type { Handlers } from './handler.js';
import { inOrder } from './in-order.js';
import { joiningHandlers } from './joining-handlers.js';
import type { CallContext } from './open-call.js';
import { toQuestion } from './question.js';
import { type Service, service } from './requests.js';
import { subscription } from './subscriptions.js';

/** Frames of one publishing stream that wait for the disk side by side. */
const framesAtOnce = 128;
/** Items of one frame; a batch waits whole, so it must not be endless. */
const itemsPerFrame = 1000;

/** A caller that sets no deadline has its answer by then. */
const longestQueryMs = 60_000;

/** A subscriber that reads nothing for so long loses its connection (DESIGN of the network, "The live feed"). */
const stalledMs = 30_000;

/** CommunityService over a community. */
export function communityService(community: Community, on: Handlers): Service {
  const implementation: CommunityServiceServer = {
    describe: on.unary(async () => toWireDescription(await community.describe())),
    ...joiningHandlers(community, on),
    publish: on.unary(async (request, { caller }) => {
      const member = asMember(caller);
      const published = await community.publishing.publish(member, fromWirePublish(request));
      community.audience.published(member);
      return toWirePublished(published);
    }),
    listOwnHeld: on.unary(async ({ pageToken }, { caller }) => {
      const { articles, nextPageToken } = await community.held.page(pageToken, asMember(caller).memberId);
      return { held: articles.map(toWireHeld), nextPageToken };
    }),
    publishStream: on.bidi((frames, { caller }) => publishFrames(community, asMember(caller), frames)),
    trace: on.unary(async ({ id }) => ({ hops: toWireHops(await community.trace(id)) })),
    listMembers: on.unary(async (request) => {
      const { members, nextPageToken } = await community.membership.page(request);
      return { members: members.map(toWireMember), nextPageToken };
    }),
    readLoad: on.unary(async () => toWireLoad(await community.load())),
    query: on.serverStream((request, context) => answer(community, request, context), { mostMs: longestQueryMs }),
    subscribe: on.serverStream((request, context) => subscription(community, request, context), {
      mostMs: Number.POSITIVE_INFINITY,
      stalledMs,
    }),
    retract: on.unary(async ({ id, reason }, { caller }) =>
      toWireRetracted(await community.publishing.retract(asMember(caller), { id, reason })),
    ),
  };
  return service(CommunityServiceService, implementation);
}

async function* answer(
  community: Community,
  request: QueryRequest,
  context: CallContext,
): AsyncGenerator<QueryResponse> {
  const call = fromWireQuery(request);
  for await (const frame of community.query(toQuestion(call, context), context.signal)) {
    yield toWireFrame(frame);
    if (frame.kind === 'report' && call.requireComplete) requireComplete(frame.report.complete);
  }
}

async function* publishFrames(
  community: Community,
  member: Author,
  frames: AsyncIterable<PublishStreamRequest>,
): AsyncGenerator<PublishStreamResponse> {
  community.audience.published(member);
  yield* inOrder(frames, framesAtOnce, async ({ items }) => {
    if (items.length > itemsPerFrame)
      throw new MootError('invalid', `a frame has ${items.length} items; the limit is ${itemsPerFrame}`, {
        field: 'items',
      });
    const read = items.map(readItem);
    const good = read.filter((item): item is Submitted => !(item instanceof MootError));
    const outcomes = (await community.publishing.publishAll(member, good))[Symbol.iterator]();
    return {
      results: read.map((item) => toResult(item instanceof MootError ? { refused: item } : outcomes.next().value)),
    };
  });
}

function readItem(item: PublishRequest): Submitted | MootError {
  try {
    return fromWirePublish(item);
  } catch (error) {
    if (error instanceof MootError) return error;
    throw error;
  }
}

function toResult(outcome: PublishOutcome | undefined): PublishResult {
  if (!outcome) throw new Error('fewer outcomes than items');
  if ('published' in outcome) return { result: { $case: 'published', value: toWirePublished(outcome.published) } };
  const { code, message, field = '', retryAfterMs = 0 } = outcome.refused;
  return { result: { $case: 'refused', value: { code: code satisfies ErrorCode, message, field, retryAfterMs } } };
}

function toWireFrame(frame: QueryFrame): QueryResponse {
  switch (frame.kind) {
    case 'articles':
      return { frame: { $case: 'articles', value: toWireArticles(frame.articles) } };
    case 'rows':
      return { frame: { $case: 'rows', value: { rows: frame.rows.map(toWireRow) } } };
    case 'report':
      return { frame: { $case: 'report', value: toWireReport(frame.report) } };
  }
}

function requireComplete(complete: boolean): void {
  if (!complete)
    throw new MootError('unavailable', 'the answer is not complete, and a complete one was required', {
      hint: 'the report says what is missing',
    });
}
