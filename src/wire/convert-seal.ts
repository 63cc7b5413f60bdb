import type { Head, Proof, Seal } from '../core/entry.js';
import { invalid } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import { exactly, publicKeyIn, required, toBuffer, toDateMs, toNumber } from './check.js';
import type { Head as WireHead, Proof as WireProof, Seal as WireSeal } from './gen/moot/v1/article.js';

export function toWireSeal(seal: Seal): WireSeal {
  return {
    origin: seal.origin,
    epoch: BigInt(seal.epoch),
    firstSeq: BigInt(seal.firstSeq),
    size: seal.size,
    root: toBuffer(seal.root),
    previous: toBuffer(seal.previous),
    publicKey: toBuffer(seal.publicKey),
    signature: toBuffer(seal.signature),
  };
}

/** Checks its form; its signature is `ArticleChecker`'s. @throws MootError `invalid`. */
export function fromWireSeal(seal: WireSeal): Seal {
  fromId(seal.origin, 'origin');
  if (seal.size < 1) throw invalid('size', 'size of a seal is 0');
  return {
    origin: seal.origin,
    epoch: toNumber(seal.epoch, 'epoch', 1),
    firstSeq: toNumber(seal.firstSeq, 'firstSeq', 1),
    size: seal.size,
    root: exactly(seal.root, 32, 'root'),
    previous: exactly(seal.previous, 32, 'previous'),
    publicKey: publicKeyIn(seal.publicKey),
    signature: exactly(seal.signature, 64, 'signature'),
  };
}

export function toWireProof(proof: Proof): WireProof {
  return { seal: toWireSeal(proof.seal), index: proof.index, path: proof.path.map(toBuffer) };
}

/** @throws MootError `invalid`. */
export function fromWireProof(proof: WireProof): Proof {
  const seal = fromWireSeal(required(proof.seal, 'seal'));
  if (proof.index >= seal.size) throw invalid('index', 'index lies outside its seal');
  // A path through a tree of 2^32 leaves, the most a seal can name, has 32 steps.
  if (proof.path.length > 32) throw invalid('path', `path has ${proof.path.length} steps; the limit is 32`);
  return { seal, index: proof.index, path: proof.path.map((step) => exactly(step, 32, 'path')) };
}

export function toWireHead(head: Head): WireHead {
  return {
    origin: head.origin,
    epoch: BigInt(head.epoch),
    seq: BigInt(head.seq),
    lastSeal: toBuffer(head.lastSeal),
    asOfMs: BigInt(head.asOfMs),
    publicKey: toBuffer(head.publicKey),
    signature: toBuffer(head.signature),
  };
}

/** Checks its form; `isHeadValid` checks its signature. @throws MootError `invalid`. */
export function fromWireHead(head: WireHead): Head {
  fromId(head.origin, 'origin');
  return {
    origin: head.origin,
    epoch: toNumber(head.epoch, 'epoch', 1),
    seq: toNumber(head.seq, 'seq'),
    lastSeal: exactly(head.lastSeal, 32, 'lastSeal'),
    asOfMs: toDateMs(head.asOfMs, 'asOf'),
    publicKey: publicKeyIn(head.publicKey),
    signature: exactly(head.signature, 64, 'signature'),
  };
}
