import { limits } from '../core/limits.js';
import type { Row } from '../core/row.js';

/** Packs rows into frames of about `limits.frameBytes`, or one row. */
export function* rowBatches(rows: readonly Row[]): Generator<readonly Row[]> {
  let batch: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const weight = rowBytes + row.links.length * linkBytes;
    if (batch.length > 0 && bytes + weight > limits.frameBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += weight;
  }
  if (batch.length > 0) yield batch;
}

/** An id, two names, a digest, a key, a signature, a reason. */
const rowBytes = 1024;
const linkBytes = 54;
