import { fromId, type OriginId } from '../core/ids.js';

/** What a caller signs to prove its key: see message `IntroduceRequest`. */
export function callerWords(caller: OriginId, callee: OriginId, challenge: Uint8Array): Buffer {
  return Buffer.concat([callerMark, fromId(caller), fromId(callee), challenge]);
}

/** What a callee signs to prove its own: see message `IntroduceResponse`. */
export function calleeWords(callee: OriginId, caller: OriginId, nonce: Uint8Array): Buffer {
  return Buffer.concat([calleeMark, fromId(callee), fromId(caller), nonce]);
}

const callerMark = Buffer.from('moot/introduce/v1');
const calleeMark = Buffer.from('moot/introduced/v1');
