import type { Lie } from '../../scripts/simulate/feed-network.js';
import type { FollowFrame } from '../../src/core/following.js';
import type { Commit, Gone } from '../../src/core/log.js';
import { leafHash } from '../../src/identity/merkle.js';

/** What a bad wire, or a bad server behind it, does to what it carries. Each call makes one with a memory of its own. */
export const lies: Readonly<Record<string, () => Lie>> = {
  altered: () => onCommits((commits) => commits.map(altered)),
  'altered, with a hash that fits': () => onCommits((commits) => commits.map(forged)),
  unsealed: () =>
    onCommits((commits) =>
      commits.map((commit) => ({ ...commit, seal: { ...commit.seal, signature: Buffer.alloc(64) } })),
    ),
  'moved to the next place': () =>
    onCommits((commits) =>
      commits.map((commit) => ({ ...commit, seal: { ...commit.seal, firstSeq: commit.seal.firstSeq + 1 } })),
    ),
  'not whole': () => onCommits((commits) => commits.map((commit) => ({ ...commit, entries: commit.entries.slice(1) }))),
  'without reason gone': () => onCommits((commits) => commits.map((commit) => emptied(commit))),
  'every second missing': () => {
    let count = 0;
    return onCommits((commits) => commits.filter(() => count++ % 2 === 1));
  },
  'all missing': () => onCommits(() => []),
  'last first': () => onCommits((commits) => commits.toReversed()),
  'all again and again': () => {
    const seen: Commit[] = [];
    return onCommits((commits) => {
      seen.push(...commits);
      return [...seen.slice(-20), ...commits];
    });
  },
  'gaps in their place': () => (frame) =>
    frame.kind === 'commits' ? frame.commits.map((commit) => ({ kind: 'gap', gap: gapOf(commit) })) : [frame],
  'gaps beside them': () => (frame) =>
    frame.kind === 'commits'
      ? [...frame.commits.map((commit): FollowFrame => ({ kind: 'gap', gap: gapOf(commit) })), frame]
      : [frame],
  'far ahead first': () => onCommits((commits) => [...commits.map(farAhead), ...commits]),
  'heads that nobody signed': () => (frame) =>
    frame.kind === 'heads'
      ? [{ kind: 'heads', heads: frame.heads.map((head) => ({ ...head, seq: head.seq + 9 })) }]
      : [frame],
};

/** It may also say that texts are gone. What others have is taken instead, where others are known to carry the log by then. */
export const stripped = (): Lie => onCommits((commits) => commits.map((commit) => emptied(commit, 'retracted')));

function onCommits(change: (commits: readonly Commit[]) => readonly Commit[]): Lie {
  return (frame) => {
    if (frame.kind !== 'commits') return [frame];
    const commits = change(frame.commits);
    return commits.length > 0 ? [{ kind: 'commits', commits }] : [];
  };
}

function altered(commit: Commit): Commit {
  const entries = commit.entries.map((entry) => {
    const bytes = entry.bytes && Buffer.from(entry.bytes);
    if (bytes) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    return { ...entry, bytes };
  });
  return { ...commit, entries };
}

function forged(commit: Commit): Commit {
  const entries = altered(commit).entries.map((entry) => {
    return { ...entry, hash: entry.bytes ? leafHash(entry.bytes) : entry.hash };
  });
  return { ...commit, entries };
}

function emptied(commit: Commit, gone?: Gone): Commit {
  return { ...commit, entries: commit.entries.map(({ hash }) => ({ hash, bytes: undefined, gone })) };
}

function farAhead(commit: Commit): Commit {
  return { ...commit, seal: { ...commit.seal, firstSeq: commit.seal.firstSeq + 1_000_000 } };
}

function gapOf({ seal: { origin, epoch, firstSeq, size } }: Commit) {
  return { origin, epoch, fromSeq: firstSeq, toSeq: firstSeq + size - 1, reason: 'so they say' };
}
