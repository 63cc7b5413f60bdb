import { parentPort } from 'node:worker_threads';
import { SealedCommits } from '../identity/check-commit.js';
import { leafHash } from '../identity/merkle.js';
import { type PackedCommits, unpackCommits } from './packed-commits.js';

/** The thread that holds commits against their seals, for `ThreadChecker`. */
const checker = new SealedCommits();

parentPort?.on('message', ({ call, commits }: { readonly call: number; readonly commits: PackedCommits }) => {
  parentPort?.postMessage({ call, faults: checker.checkNow(unpackCommits(commits, leafHash)) });
});
