import type { Community } from '../community/community.js';
import { codeOf } from '../core/errors.js';
import type { SubscriptionFrame } from '../core/subscribing.js';
import { fromWireSubscribe, toWireSubscription } from '../wire/convert-subscribe.js';
import { type SubscribeRequest, SubscribeResponse } from '../wire/gen/moot/v1/community.js';
import { asReader } from './caller.js';
import type { CallContext } from './open-call.js';
import { Encoded } from './requests.js';

/** Frames that are shared are encoded once, and the same bytes go to everyone. */
const encoded = new WeakMap<SubscriptionFrame, Encoded<SubscribeResponse>>();

/** A subscription, in frames as they go out. */
export async function* subscription(
  community: Community,
  request: SubscribeRequest,
  { caller, peer, signal, isConnected }: CallContext,
): AsyncGenerator<SubscribeResponse | Encoded<SubscribeResponse>> {
  const read = fromWireSubscribe(request);
  const over = community.audience.subscribed(asReader(caller), read.filter.topics);
  try {
    for await (const frame of community.feed.subscribe(read, signal))
      yield frame.kind === 'entries' || frame.kind === 'heartbeat' ? once(frame) : toWireSubscription(frame);
  } finally {
    // Who is sent away because the server stops has not left. Where a connection breaks its calls are told first: it has
    // gone by the next turn of the loop, and one that was given up because its other end is silent has said nothing of late.
    if (codeOf(signal.reason) !== 'unavailable') setImmediate(() => over(!isConnected(peer)));
  }
}

function once(frame: SubscriptionFrame): Encoded<SubscribeResponse> {
  const known = encoded.get(frame);
  if (known) return known;
  const bytes = SubscribeResponse.encode(toWireSubscription(frame)).finish();
  // As they are: copied into the pool of buffers, each frame that is kept would keep 8 KiB of it.
  const made = new Encoded<SubscribeResponse>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  encoded.set(frame, made);
  return made;
}
