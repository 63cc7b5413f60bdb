import { credentials, Metadata } from '@grpc/grpc-js';
import { CommunityServiceClient, Scope, Start } from '../../../dist/wire/gen/moot/v1/community.js';
import type { FromIdle } from './messages.js';

/** Subscribers that wait: `idle.ts ADDRESS TOKEN SUBSCRIBERS`, 100 to a connection. Says when all have got an article. */
process.on('disconnect', () => process.exit(0));
const [address = '', token = '', subscribers = '100'] = process.argv.slice(2);
const perConnection = 100;
const atOnce = 200;
const total = Number(subscribers);
const metadata = new Metadata();
metadata.set('authorization', `Bearer ${token}`);
const say = (message: FromIdle): void => void process.send?.(message);
const request = { cursor: [], scope: Scope.SCOPE_NETWORK, start: Start.START_NOW };

let standing = 0;
let got = 0;
let wake = (): void => undefined;
let client: CommunityServiceClient | undefined;
for (let index = 0; index < total; index += 1) {
  while (index - standing >= atOnce)
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  if (index % perConnection === 0)
    client = new CommunityServiceClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const stream = client?.subscribe(request, metadata);
  stream?.on('data', ({ frame }) => {
    if (frame?.$case === 'caughtUp') {
      standing += 1;
      wake();
      if (standing === total) say({ kind: 'ready' });
    } else if (frame?.$case === 'entries') {
      got += 1;
      if (got % total === 0) say({ kind: 'all', atMs: Date.now() });
    }
  });
  stream?.on('error', ({ message }) => say({ kind: 'lost', reason: message }));
}
