import { encodeEntry } from '../../dist/core/entry-codec.js';
import { PartChecker } from '../../dist/identity/check-part.js';
import { createIdentity } from '../../dist/identity/keys.js';
import { leafHash } from '../../dist/identity/merkle.js';
import { createSealer } from '../../dist/identity/seal.js';
import { sealHash } from '../../dist/identity/seal-statement.js';
import { toEntry } from '../../dist/store/submission.js';
import { articles } from './store-articles.js';
import { median } from './support.js';

const batchSize = 64;
const batches = 500;

/** Microseconds of processor time to check an article that came with 63 others under one seal, whose signature nobody has seen before. */
export function measureSealCheck(rounds: number): number {
  const parts = sealedBatches();
  const figures: number[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const checker = new PartChecker();
    const began = process.cpuUsage();
    for (const part of parts) checker.check({ ...part });
    const { user, system } = process.cpuUsage(began);
    if (round > 0) figures.push((user + system) / (batches * batchSize));
  }
  return median(figures);
}

function sealedBatches() {
  const sealer = createSealer(createIdentity());
  const source = articles();
  let previous: Uint8Array = new Uint8Array(32);
  return Array.from({ length: batches }, (_, batch) => {
    const firstSeq = batch * batchSize + 1;
    const entries = Array.from({ length: batchSize }, (__, at) =>
      encodeEntry(toEntry(source.next().value, { origin: sealer.origin, epoch: 1, seq: firstSeq + at }, 1e12)),
    );
    const seal = sealer.seal(
      1,
      firstSeq,
      entries.map((bytes) => leafHash(bytes)),
      previous,
    );
    previous = sealHash(seal);
    return { seal, indexes: entries.map((__, at) => at), entries, hashes: new Uint8Array(0), storedAtMs: 0 };
  });
}
