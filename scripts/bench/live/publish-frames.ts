import { Metadata } from '@grpc/grpc-js';
import { CommunityServiceClient, type PublishRequest } from '../../../dist/wire/gen/moot/v1/community.js';
import { dial } from '../dial.js';
import { articles } from '../store-articles.js';
import type { Publish } from './systems.js';

const frameItems = 50;
const framesInFlight = 64;

/** Publishes over one stream, in frames of 50, at most 64 of them unacknowledged. */
export function publishing(address: string, token: string): { publish: Publish; stop(): void } {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const client = new CommunityServiceClient(...dial(address));
  const stream = client.publishStream(metadata);
  const source = articles();
  const item = (): PublishRequest => {
    const { topic, author, body } = source.next().value.draft;
    return { draft: { topic, author, body }, key: '' };
  };
  let inFlight = 0;
  let wake = (): void => undefined;
  stream.on('data', () => {
    inFlight -= 1;
    wake();
  });
  const publish: Publish = async (count) => {
    for (let left = count; left > 0; left -= frameItems) {
      while (inFlight >= framesInFlight)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      inFlight += 1;
      stream.write({ items: Array.from({ length: Math.min(left, frameItems) }, item) });
    }
  };
  const stop = (): void => {
    stream.on('error', () => undefined);
    stream.cancel();
    client.close();
  };
  return { publish, stop };
}
