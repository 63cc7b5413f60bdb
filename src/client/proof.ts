import { sealStatement } from '../identity/seal-statement.js';
import type { Article } from './types.js';

/** All that one needs to check the seal of an article by oneself; README says how: Seals, for other languages. */
export interface ArticleProof {
  /** The exact bytes that were sealed. */
  readonly bytes: Uint8Array;
  readonly leafIndex: number;
  readonly commitSize: number;
  /** Sibling hashes from the leaf to the root. */
  readonly path: readonly Uint8Array[];
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** @returns undefined for an article of a subscription, which comes without. */
export function proofOf({ sealed }: Article): ArticleProof | undefined {
  if (!sealed) return undefined;
  const { bytes, proof } = sealed;
  const { seal, index: leafIndex, path } = proof;
  const { size: commitSize, signature, publicKey } = seal;
  return { bytes, leafIndex, commitSize, path, signedBytes: sealStatement(seal), signature, publicKey };
}
