import { credentials, Metadata } from '@grpc/grpc-js';
import { CommunityServiceClient, Scope, Start } from '../../../dist/wire/gen/moot/v1/community.js';
import type { FromIdle } from './messages.js';

/** Subscribers that never read: `mute.ts ADDRESS TOKEN SUBSCRIBERS`, 10 to a connection. */
process.on('disconnect', () => process.exit(0));
const [address = '', token = '', subscribers = '100'] = process.argv.slice(2);
const perConnection = 10;
const metadata = new Metadata();
metadata.set('authorization', `Bearer ${token}`);
const request = { cursor: [], scope: Scope.SCOPE_NETWORK, start: Start.START_NOW };
const say = (message: FromIdle): void => void process.send?.(message);

let client: CommunityServiceClient | undefined;
let standing = 0;
for (let index = 0; index < Number(subscribers); index += 1) {
  if (index % perConnection === 0)
    client = new CommunityServiceClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const stream = client?.subscribe(request, metadata);
  stream?.on('metadata', () => {
    standing += 1;
    if (standing === Number(subscribers)) say({ kind: 'ready' });
  });
  stream?.on('error', ({ message }) => say({ kind: 'lost', reason: message }));
}
