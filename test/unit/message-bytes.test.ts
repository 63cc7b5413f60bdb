import { describe, expect, it } from '@jest/globals';
import { askBytes, askFrameBytes, followFrameBytes, statementBytes } from '../../scripts/simulate/message-bytes.js';
import { anyQuestion } from '../../scripts/simulate/simulated-network.js';
import { idOf } from '../../scripts/simulate/simulated-server.js';
import type { AskFrame, AskRequest } from '../../src/core/asking.js';
import type { FollowFrame } from '../../src/core/following.js';
import { nothingSaid } from '../../src/federation/row-book.js';
import { createIdentity } from '../../src/identity/keys.js';
import { toWireAskFrame, toWireAskRequest } from '../../src/wire/convert-ask.js';
import { toWireFollowFrames } from '../../src/wire/convert-follow.js';
import { signRow } from '../../src/wire/convert-row.js';
import { AskResponse, FollowResponse, AskRequest as WireAskRequest } from '../../src/wire/gen/moot/v1/federation.js';
import { LogBuilder } from '../support/log-builder.js';
import { sealCommit } from '../support/sealed.js';

const identity = createIdentity();
const ids = Array.from({ length: 40 }, (_, at) => idOf(`s${at}`));
const [first = '', second = ''] = ids;

const request: AskRequest = {
  ...anyQuestion,
  before: undefined,
  queryId: 'query-17',
  hop: 3,
  budgetMs: 59_000,
  visited: ids,
  have: ids.slice(0, 7),
  avoid: [{ from: first, to: second }],
};
const about = {
  serverId: identity.id,
  name: 's17',
  hop: 3,
  via: first,
  tookMs: 20,
  reason: '',
  links: ids.slice(0, 4),
};
const signed = signRow(identity, 'query-17', {
  ...nothingSaid,
  ...about,
  outcome: 'ANSWERED',
  articles: 1,
  digest: new Uint8Array(32),
});

const frames: Readonly<Record<string, AskFrame>> = {
  'a row that was signed': { kind: 'row', row: signed },
  'a row of who did not answer': {
    kind: 'row',
    row: { ...nothingSaid, ...about, links: [], outcome: 'UNREACHABLE', reason: 'connection refused' },
  },
  articles: { kind: 'articles', articles: sealCommit(identity, 9) },
  'the end': { kind: 'end', calls: 300 },
  'asked before': { kind: 'already-visited' },
};

const log = new LogBuilder(identity);
const place = { epoch: 1, seq: 5 };
const head = { origin: first, ...place, lastSeal: new Uint8Array(32), asOfMs: 1.7e12, publicKey: new Uint8Array(32) };
const signedHead = { ...head, signature: new Uint8Array(64) };
const following: Readonly<Record<string, FollowFrame>> = {
  'an article': { kind: 'commits', commits: [log.next([{}])] },
  'some articles': { kind: 'commits', commits: [log.next([{}, {}, {}]), log.next([{}])] },
  'what is carried': {
    kind: 'carrying',
    carried: { origin: first, name: 's1', path: ids.slice(0, 3), after: { epoch: 1, seq: 0 }, head: signedHead },
  },
  heads: { kind: 'heads', heads: [signedHead, signedHead] },
};

/** The length of a message and the head of its frame, which the encoder does not make. */
const envelope = 14;

function expectNear(bytes: number, encoded: number): void {
  expect(Math.abs(bytes - envelope - encoded)).toBeLessThanOrEqual(Math.max(6, encoded * 0.1));
}

describe('the bytes that the simulator counts are those of the real encoder', () => {
  it('N1 for a request', () => {
    expectNear(askBytes(request), WireAskRequest.encode(toWireAskRequest(request)).finish().length);
  });

  it.each(Object.keys(frames))('N1 for %s', (name) => {
    const frame = frames[name] as AskFrame;
    expectNear(askFrameBytes(frame), AskResponse.encode(toWireAskFrame(frame)).finish().length);
  });

  it('N1 for what a server signs', () => {
    expect(statementBytes('query-17', signed)).toBe(signed.signed?.statement.length ?? 0);
  });

  it.each(Object.keys(following))('N5 for %s of a feed', (name) => {
    const frame = following[name] as FollowFrame;
    const messages = [...toWireFollowFrames(frame)].map((message) => FollowResponse.encode(message).finish().length);
    expectNear(
      followFrameBytes(frame),
      messages.reduce((sum, bytes) => sum + bytes, 0),
    );
  });
});
