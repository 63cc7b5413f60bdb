import { afterEach, expect, it } from '@jest/globals';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { GrpcProver } from '../../src/rpc/grpc-prover.js';
import { type AskedServer, serveAsked } from '../support/asked-server.js';
import { rotatedAfter } from '../support/rotated.js';

let server: AskedServer | undefined;
afterEach(() => server?.stop());

it('registry: proves an address by the newest key of its server, and by none that was replaced', async () => {
  const [first, second, third] = rotatedAfter(createIdentity(), [3, 9]) as [Identity, Identity, Identity];
  const prover = new GrpcProver();
  const prove = async (identity: Identity): Promise<void> => {
    server = await serveAsked(identity, () => []);
    await prover.prove(first.id, server.address, '127.0.0.1', AbortSignal.timeout(5000)).finally(() => server?.stop());
  };
  await prove(first);
  await prove(second);
  await prove(second);
  await prove(third);
  const replaced = { code: 'denied', message: expect.stringContaining('has replaced') };
  for (const old of [first, second]) await expect(prove(old)).rejects.toMatchObject(replaced);
  await prove(third);
});
