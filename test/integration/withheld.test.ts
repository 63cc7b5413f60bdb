import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { connect, type Moot } from '../../src/client/index.js';
import { systemClock } from '../../src/core/clock.js';
import { MootError } from '../../src/core/errors.js';
import { Mirrors } from '../../src/federation/mirrors/mirrors.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { createIdentity } from '../../src/identity/keys.js';
import { asServer } from '../../src/rpc/caller.js';
import { Introductions } from '../../src/rpc/introductions.js';
import { service } from '../../src/rpc/requests.js';
import { ServerTokenChecker } from '../../src/rpc/server-token.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { openChannel } from '../../src/wire/channels.js';
import { fromWireFollowRequest, toWireFollowFrames } from '../../src/wire/convert-follow.js';
import { type FederationServiceServer, FederationServiceService } from '../../src/wire/gen/moot/v1/federation.js';
import { PeerServiceService } from '../../src/wire/gen/moot/v1/peer.js';
import { TestNetwork } from '../support/network.js';
import { serve, type TestServer } from '../support/rpc-server.js';
import { Terminal } from '../support/terminal.js';

const identity = createIdentity();
const store = new MemoryStore(identity, systemClock);
const author = { memberId: 'm', memberName: 'Edgar' };
const publish = (...bodies: string[]) =>
  store.articles.append(bodies.map((body) => ({ draft: { topic: 'heath', body }, member: author, key: '' })));

/** A server that tells how long its log is, and sends nothing past entry `most` of it. */
async function serveShort(most: number): Promise<{ server: TestServer; mirrors: Mirrors }> {
  const mirrors = await Mirrors.open({
    identity,
    name: () => 'Lear',
    logs: store.logs,
    follower: {
      follow: () => {
        throw new MootError('unavailable', 'nobody is followed');
      },
    },
    checker: new SealedCommits(),
    ring: new KeyRing(),
    clock: systemClock,
    random: Math.random,
    peerName: () => '',
  });
  const introductions = new Introductions(identity, () => 'Lear', systemClock);
  const checker = new ServerTokenChecker(identity.id, (id) => introductions.keyOf(id), systemClock);
  const server = await serve({ server: (token, method) => checker.check(token, method) }, (on) => [
    service(FederationServiceService, {
      introduce: on.unary(async (request) => introductions.introduce(request)),
      traceBack: on.unary(async () => ({ hops: [] })),
      ask: on.serverStream(() => {
        throw new MootError('unavailable', 'nothing is answered');
      }),
      follow: on.serverStream(
        async function* (request, { caller, signal }) {
          for await (const frame of mirrors.serve(asServer(caller), fromWireFollowRequest(request), signal)) {
            if (frame.kind !== 'commits') yield* toWireFollowFrames(frame);
            const commits = frame.kind === 'commits' ? frame.commits.filter(({ seal }) => seal.firstSeq <= most) : [];
            if (commits.length > 0) yield* toWireFollowFrames({ kind: 'commits', commits });
          }
        },
        { mostMs: Number.POSITIVE_INFINITY },
      ),
    } satisfies FederationServiceServer),
  ]);
  return { server, mirrors };
}

describe('a server that keeps its log short', () => {
  const network = new TestNetwork();
  let short: Awaited<ReturnType<typeof serveShort>>;
  let moot: Moot;
  let told: (line: string) => void;
  const line = new Promise<string>((resolve) => {
    told = resolve;
  });

  beforeAll(async () => {
    await publish('one', 'two');
    await publish('three');
    short = await serveShort(1);
    await network.start([]);
    await network.startServer('Gloucester', { log: ({ text }) => text.startsWith('withheld') && told(text) });
    moot = await connect({ registry: network.registry, home: network.home });
    const { id, address } = network.servers.get('Gloucester') ?? { id: '', address: '' };
    const channel = openChannel(address, { purpose: 'client' });
    const token = readFileSync(join(network.home, 'operators', id), 'utf8').trim();
    await channel.unary(PeerServiceService.connect, { id: identity.id, address: short.server.address }, { token });
    channel.close();
  });

  afterAll(async () => {
    await moot.close();
    await network.stop();
    await short.mirrors.stop();
    await short.server.stop();
  });

  it('N5 N2 is called so: in the log, in the list of peers, by moot doctor, to subscribers, and in the report of a query', async () => {
    const why = 'its log ends at entry 2 here, and its head says 3: Lear did not bring the rest';
    expect(await line).toBe(`withheld of Lear: ${why}`);
    const operator = await moot.operator('Gloucester');
    expect(await operator.peers()).toMatchObject([
      { to: identity.id, state: 'up', reason: `withheld of Lear: ${why}` },
    ]);
    const terminal = new Terminal({ env: { MOOT_HOME: network.home, MOOT_REGISTRY: network.registry } });
    expect(await run(['doctor'], terminal.io, '0.0.0')).toBe(1);
    expect(terminal.stdout).toContain(
      `FAIL     link: Gloucester → Lear does not bring all: withheld of Lear: ${why}\ntry: `,
    );
    const gloucester = await moot.join('Gloucester', { as: 'edmund' });
    const answer = gloucester.query({ topics: ['heath'] });
    const bodies: string[] = [];
    for await (const { body } of answer) bodies.push(body);
    expect(bodies.sort()).toEqual(['one', 'two']);
    const { complete, rows } = await answer.report;
    expect(complete).toBe(false);
    expect(rows.at(-1)).toMatchObject({
      name: 'Lear',
      outcome: 'WITHHELD',
      articles: 2,
      reason: `${why}; unreachable: nothing is answered`,
    });
    for await (const event of gloucester.subscribe()) {
      expect(event).toMatchObject({ type: 'accepted', notFed: [{ name: 'Lear', reason: `withheld of Lear: ${why}` }] });
      break;
    }
  }, 90_000);
});
