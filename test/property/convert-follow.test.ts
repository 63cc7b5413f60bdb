import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FollowFrame } from '../../src/core/following.js';
import { limits } from '../../src/core/limits.js';
import type { Commit } from '../../src/core/log.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { createIdentity } from '../../src/identity/keys.js';
import { signHead } from '../../src/identity/seal.js';
import { ThreadChecker } from '../../src/rpc/thread-checker.js';
import {
  FollowReader,
  fromWireFollowRequest,
  toWireFollowFrames,
  toWireFollowRequest,
} from '../../src/wire/convert-follow.js';
import { FollowRequest, FollowResponse } from '../../src/wire/gen/moot/v1/federation.js';
import { lies } from '../support/feed-lies.js';
import { LogBuilder } from '../support/log-builder.js';

const identity = createIdentity();

/** Commits of one log, of so many entries each, some of whose texts are gone. */
const anyCommits = fc
  .array(
    fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 40_000 }), isGone: fc.boolean() }), {
      minLength: 1,
      maxLength: 150,
    }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((sizes): readonly Commit[] => {
    const builder = new LogBuilder(identity);
    return sizes.map((entries) => {
      const small = entries.length > 20;
      const commit = builder.next(entries.map(({ bytes }) => ({ body: 'x'.repeat(small ? bytes % 200 : bytes) })));
      const kept = commit.entries.map((entry, at) =>
        entries[at]?.isGone ? { hash: entry.hash, bytes: undefined, gone: 'retracted' as const } : entry,
      );
      return { ...commit, entries: kept };
    });
  });

const overTheWire = (frame: FollowFrame): FollowResponse[] =>
  [...toWireFollowFrames(frame)].map((message) => FollowResponse.decode(FollowResponse.encode(message).finish()));

function plain(frames: readonly FollowFrame[]): unknown {
  const text = JSON.stringify(frames, (_, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    return Array.isArray((value as { data?: unknown })?.data)
      ? Buffer.from((value as { data: number[] }).data).toString('hex')
      : value;
  });
  return JSON.parse(text);
}

describe('what travels between servers that follow each other', () => {
  it('commits arrive whole, in messages that are small', () => {
    fc.assert(
      fc.property(anyCommits, (commits) => {
        const messages = overTheWire({ kind: 'commits', commits });
        for (const message of messages) {
          const pieces = message.frame?.$case === 'commits' ? message.frame.value.pieces : [];
          const entries = pieces.flatMap((piece) => piece.entries);
          const bytes = entries.reduce((sum, { length }) => sum + length, 0);
          expect(entries.length).toBeLessThanOrEqual(limits.frameEntries);
          if (entries.length > 1) expect(bytes).toBeLessThanOrEqual(limits.frameBytes);
        }
        const reader = new FollowReader();
        const read = messages.flatMap((message) => reader.read(message) ?? []);
        expect(
          plain([
            { kind: 'commits', commits: read.flatMap((frame) => (frame.kind === 'commits' ? frame.commits : [])) },
          ]),
        ).toEqual(plain([{ kind: 'commits', commits }]));
      }),
      { numRuns: 100 },
    );
  });

  it('everything else arrives as it was said', () => {
    const head = signHead(identity, { epoch: 2, seq: 7, lastSeal: new Uint8Array(32).fill(3) }, 1_700_000_000_000);
    const origin = identity.id;
    const other = createIdentity().id;
    const frames: FollowFrame[] = [
      {
        kind: 'carrying',
        carried: { origin, name: 'Hamlet', path: [other, origin], after: { epoch: 2, seq: 0 }, head },
      },
      { kind: 'carrying', carried: { origin, name: 'Hamlet', path: [], after: { epoch: 1, seq: 9 }, head: undefined } },
      { kind: 'stopped', origin },
      { kind: 'heads', heads: [] },
      { kind: 'heads', heads: [head] },
      { kind: 'gap', gap: { origin, epoch: 1, fromSeq: 3, toSeq: 5, reason: 'nobody has it' } },
    ];
    const reader = new FollowReader();
    expect(plain(frames.flatMap(overTheWire).flatMap((message) => reader.read(message) ?? []))).toEqual(plain(frames));
    const request = { cursor: new Map([[origin, { epoch: 1, seq: 4 }]]), origins: [other], once: true };
    const bytes = FollowRequest.encode(toWireFollowRequest(request)).finish();
    expect(fromWireFollowRequest(FollowRequest.decode(bytes))).toEqual(request);
  });

  it.each<[string, (messages: FollowResponse[]) => unknown]>([
    ['begins in the middle', (messages) => messages.shift()],
    ['is broken off by something else', (messages) => messages.splice(1, 0, heartbeat)],
    ['begins again in the middle', (messages) => messages.splice(1, 0, messages[0] as FollowResponse)],
    ['has an entry too many', (messages) => messages.push(messages.at(-1) as FollowResponse)],
    [
      'has an empty piece',
      (messages) =>
        messages.splice(1, 0, {
          frame: { $case: 'commits', value: { pieces: [{ ...pieceOf(messages), entries: [] }] } },
        }),
    ],
    [
      'gives no reason for what is gone',
      (messages) => Object.assign(pieceOf(messages), { entries: [Buffer.alloc(0)] }),
    ],
    [
      'gives reasons for what is there',
      (messages) => Object.assign(pieceOf(messages), { gone: [1], hashes: Buffer.alloc(32) }),
    ],
    [
      'claims more entries than it may have',
      (messages) => Object.assign(pieceOf(messages).seal ?? {}, { size: 65_537 }),
    ],
    [
      'has pieces of too many entries',
      (messages) => Object.assign(pieceOf(messages), { entries: Array.from({ length: 65 }, () => Buffer.of(1)) }),
    ],
  ])('refuses a commit that %s', (_, spoil) => {
    const messages = overTheWire({
      kind: 'commits',
      commits: [new LogBuilder(identity).next(Array.from({ length: 150 }, () => ({})))],
    });
    expect(messages.length).toBe(3);
    spoil(messages);
    const reader = new FollowReader();
    expect(() => messages.map((message) => reader.read(message))).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('refuses a commit without end, as soon as it is larger than one may be', () => {
    const [first] = overTheWire({
      kind: 'commits',
      commits: [new LogBuilder(identity).next(Array.from({ length: 150 }, () => ({})))],
    });
    const piece = pieceOf([first as FollowResponse]);
    Object.assign(piece.seal ?? {}, { size: 65_536 });
    const more: FollowResponse = {
      frame: {
        $case: 'commits',
        value: { pieces: [{ ...piece, seal: undefined, entries: [Buffer.alloc(500_000, 1)] }] },
      },
    };
    const reader = new FollowReader();
    reader.read(first as FollowResponse);
    let taken = 0;
    expect(() => {
      for (; taken < 100; taken += 1) reader.read(more);
    }).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(taken).toBe(16);
  });
});

const heartbeat: FollowResponse = { frame: { $case: 'heads', value: { heads: [] } } };

function pieceOf([message]: readonly FollowResponse[]) {
  const piece = message?.frame?.$case === 'commits' ? message.frame.value.pieces[0] : undefined;
  if (!piece) throw new Error('there is no piece');
  return piece;
}

describe('commits that are checked on a thread', () => {
  it('are judged as they are here, good ones and broken ones', async () => {
    const builder = new LogBuilder(identity);
    const commits = Array.from({ length: 30 }, (_, at) =>
      builder.next(Array.from({ length: 1 + (at % 4) }, () => ({}))),
    );
    const broken = commits.flatMap((commit, at): readonly Commit[] => {
      const how = Object.keys(lies)[at % 6] ?? '';
      const [frame] = lies[how]?.()({ kind: 'commits', commits: [commit] }) ?? [];
      return at % 3 === 0 && frame?.kind === 'commits' ? frame.commits : [commit];
    });
    const checker = new ThreadChecker();
    const here = await new SealedCommits().check(broken);
    expect(here.filter((fault) => fault !== undefined).length).toBe(10);
    const there = await Promise.all([checker.check(broken), checker.check(commits)]);
    expect(there[0].map((fault) => fault === undefined)).toEqual(here.map((fault) => fault === undefined));
    expect(there[1]).toEqual(commits.map(() => undefined));
    await checker.close();
    await expect(checker.check(commits)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
