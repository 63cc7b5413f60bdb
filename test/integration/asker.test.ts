import { afterEach, describe, expect, it } from '@jest/globals';
import type { AskFrame, AskRequest } from '../../src/core/asking.js';
import { systemClock } from '../../src/core/clock.js';
import { anyArticle } from '../../src/core/filter.js';
import type { Row } from '../../src/core/row.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { GrpcAsker } from '../../src/rpc/asker.js';
import { toWireArticle, toWireArticles } from '../../src/wire/convert-article.js';
import { signRow, toWireRow } from '../../src/wire/convert-row.js';
import type { AskResponse, Row as WireRow } from '../../src/wire/gen/moot/v1/federation.js';
import { type AskedServer, serveAsked } from '../support/asked-server.js';
import { sealCommit } from '../support/sealed.js';
import { Spy } from '../support/spy.js';

const self = createIdentity();
const peer = createIdentity();
const other = createIdentity();
const articles = sealCommit(peer, 3);

const request: AskRequest = {
  queryId: 'q1',
  requestId: 'r1',
  filter: anyArticle,
  limit: 50,
  order: 'newest',
  before: undefined,
  fanOut: 16,
  hop: 1,
  budgetMs: 5000,
  visited: [self.id],
  have: [],
  avoid: [],
};

function rowOf(identity: Identity, queryId: string, more: Partial<Row> = {}): Row {
  const row: Row = {
    serverId: identity.id,
    name: 'Peer',
    outcome: 'ANSWERED',
    hop: 1,
    via: self.id,
    tookMs: 3,
    ageMs: undefined,
    reason: '',
    articles: 3,
    digest: new Uint8Array(32),
    held: 0,
    links: [other.id],
    signed: undefined,
    ...more,
  };
  return signRow(identity, queryId, row);
}

const asRow = (row: WireRow): AskResponse => ({ frame: { $case: 'row', value: row } });
const opened: { close(): void }[] = [];
let server: AskedServer | undefined;
let spy: Spy | undefined;

afterEach(async () => {
  for (const asker of opened.splice(0)) asker.close();
  await spy?.close();
  spy = undefined;
  await server?.stop();
  server = undefined;
});

function askerFor(at: AskedServer, identity: Identity = self, clock = systemClock): GrpcAsker {
  const asker = new GrpcAsker({ identity, clock, addressOf: async () => at.address });
  opened.push(asker);
  return asker;
}

async function answer(asker: GrpcAsker, id = peer.id, signal = new AbortController().signal): Promise<AskFrame[]> {
  const frames: AskFrame[] = [];
  for await (const frame of asker.ask(id, request, signal)) frames.push(frame);
  return frames;
}

async function asked(frames: (queryId: string) => Iterable<AskFrame | AskResponse>): Promise<AskFrame[]> {
  server = await serveAsked(peer, frames);
  return answer(askerFor(server));
}

const damaged = { code: 'damaged' };

describe('asking a peer', () => {
  it('has a peer prove its key once a connection, and anew over each new one', async () => {
    let proofs = 0;
    const counting: Identity = {
      ...peer,
      sign: (message) => {
        proofs += 1;
        return peer.sign(message);
      },
    };
    server = await serveAsked(counting, () => []);
    spy = await Spy.before(server.server.port);
    const address = `127.0.0.1:${spy.port}`;
    const asker = new GrpcAsker({ identity: self, addressOf: async () => address });
    opened.push(asker);
    const ask = async (): Promise<void> => {
      for await (const _ of asker.ask(peer.id, request, AbortSignal.timeout(5000)));
    };
    for (let times = 0; times < 3; times += 1) await ask();
    // Each introduction is two calls, and each of them is answered with a proof.
    expect(proofs).toBe(2);
    spy.cut();
    // The first to come may be the one that notices.
    await ask().catch(ask);
    await ask();
    expect(proofs).toBe(4);
  });

  it('brings its rows and articles as it sent them', async () => {
    const row = rowOf(peer, 'q1');
    const away = { serverId: other.id, outcome: 'UNREACHABLE', via: peer.id, reason: 'silent for 1 s' } as const;
    const frames = await asked(() => [
      { kind: 'row', row },
      { kind: 'row', row: rowOf(peer, 'q1', away) },
      { kind: 'progress' },
      { kind: 'articles', articles },
      { kind: 'end', calls: 4 },
    ]);
    expect(frames.map(({ kind }) => kind)).toEqual(['row', 'row', 'progress', 'articles', 'end']);
    expect(frames[0]).toMatchObject({ row: { name: 'Peer', links: [other.id], articles: 3 } });
    expect(frames[1]).toMatchObject({ row: { ...away, name: 'Peer', links: [] } });
    expect(frames[3]).toMatchObject({ articles: articles.map(({ id, entry }) => ({ id, entry })) });
    expect(server?.asked).toMatchObject([{ caller: self.id, queryId: 'q1' }]);
  });

  it('passes a row on, hop by hop, as the same signed bytes', async () => {
    const [first] = await asked(() => [{ kind: 'row', row: rowOf(peer, 'q1') }]);
    if (first?.kind !== 'row') throw new Error('no row');
    expect(toWireRow(first.row)).toEqual(toWireRow(rowOf(peer, 'q1')));
  });

  it('does not believe an article that was altered, or is not of the log it names', async () => {
    const [article] = articles;
    if (!article) throw new Error('no article');
    const wire = toWireArticle(article);
    const entry = Buffer.from(wire.entry);
    entry[entry.length - 1] = (entry.at(-1) ?? 0) ^ 1;
    const [forged] = sealCommit({ ...other, id: peer.id }, 1);
    for (const bad of [{ ...wire, entry }, { ...wire, proof: undefined }, forged && toWireArticle(forged)])
      await expect(
        asked(() => (bad ? [{ frame: { $case: 'articles', value: { articles: [bad] } } }] : [])).finally(() =>
          server?.stop(),
        ),
      ).rejects.toMatchObject(damaged);
  });

  it('memory: takes an answer of more than 1 MiB for what no server sends, and not for one that is full', async () => {
    const value = {
      articles: articles.map((article) => ({ ...toWireArticle(article), entry: Buffer.alloc(400_000) })),
    };
    await expect(asked(() => [{ frame: { $case: 'articles', value } }])).rejects.toMatchObject({
      code: 'damaged',
      message: 'the server sent a message larger than 1 MiB',
    });
  });

  it('does not take an entry of another kind for an article, nor a frame that is too large', async () => {
    const retraction = sealCommit(peer, 1, { kind: 'retraction', body: '' });
    const large = sealCommit(peer, 2, { body: 'x'.repeat(40_000) });
    for (const batch of [retraction, large])
      await expect(
        asked(() => [{ frame: { $case: 'articles', value: toWireArticles(batch) } }]).finally(() => server?.stop()),
      ).rejects.toMatchObject(damaged);
  });

  it('does not believe a row that its server did not sign, in this query', async () => {
    const good = toWireRow(rowOf(peer, 'q1'));
    const statement = Buffer.from(good.statement);
    statement[statement.length - 1] = (statement.at(-1) ?? 0) ^ 1;
    const foreign = toWireRow(rowOf(other, 'q1', { serverId: peer.id }));
    const unsigned = { ...good, statement: Buffer.alloc(0), signature: Buffer.alloc(0) };
    const bad = [
      { ...good, statement },
      { ...good, serverId: other.id },
      toWireRow(rowOf(peer, 'q2')),
      foreign,
      { ...foreign, publicKey: good.publicKey },
      unsigned,
      { ...good, outcome: 77 },
    ];
    for (const row of bad)
      await expect(asked(() => [asRow(row)]).finally(() => server?.stop())).rejects.toMatchObject(damaged);
  });

  it('takes what a row of another outcome says of links and articles for nothing', async () => {
    const row = toWireRow(rowOf(peer, 'q1', { serverId: other.id, outcome: 'UNREACHABLE', via: peer.id }));
    expect(await asked(() => [asRow(row)])).toMatchObject([{ row: { articles: 0, links: [], via: peer.id } }]);
  });

  it('N2 does not believe what somebody is made to say of another: who asked it has to have signed that', async () => {
    const said = (more: Partial<Row>): Partial<Row> => ({ serverId: other.id, outcome: 'UNREACHABLE', ...more });
    const forged = rowOf(peer, 'q1', said({ via: self.id }));
    const good = toWireRow(rowOf(peer, 'q1', said({ via: peer.id })));
    const answered = toWireRow(rowOf(other, 'q1'));
    const bad = [
      toWireRow(forged),
      toWireRow({ ...forged, signed: undefined }),
      toWireRow(rowOf(peer, 'q0', said({ via: peer.id }))),
      { ...good, via: self.id },
      toWireRow({ ...forged, via: peer.id }),
      { ...good, outcome: 5 },
      { ...good, serverId: self.id },
      { ...answered, outcome: 3 },
    ];
    for (const row of bad)
      await expect(asked(() => [asRow(row)]).finally(() => server?.stop())).rejects.toMatchObject(damaged);
    // Without an asker it is the word of the peer alone, and hurts nobody else.
    const own = toWireRow({ ...rowOf(peer, 'q1', said({ via: '' })), signed: undefined });
    expect(await asked(() => [asRow(own)])).toMatchObject([{ row: { via: '', signed: undefined } }]);
  });

  it('introduces itself once, and once more to a peer that has forgotten it', async () => {
    server = await serveAsked(peer, () => [{ kind: 'end', calls: 0 }]);
    const asker = askerFor(server);
    await Promise.all([answer(asker), answer(asker), answer(asker)]);
    server.forget();
    expect(await Promise.all([answer(asker), answer(asker)])).toHaveLength(2);
    expect(server.asked).toHaveLength(5);
  });

  it('speaks only to the community it means', async () => {
    server = await serveAsked(other, () => [{ kind: 'end', calls: 0 }]);
    await expect(answer(askerFor(server))).rejects.toMatchObject({
      code: 'denied',
      message: 'what answers at that address is not the community it was',
    });
    expect(server.asked).toEqual([]);
  });

  it('is refused under a name that is not its key’s', async () => {
    server = await serveAsked(peer, () => [{ kind: 'end', calls: 0 }]);
    await expect(answer(askerFor(server, { ...self, publicKey: other.publicKey, id: other.id }))).rejects.toMatchObject(
      { code: 'denied' },
    );
    expect(server.asked).toEqual([]);
  });

  it('dates its tokens by the clock of the peer, however wrong one of the clocks is', async () => {
    for (const wrongMs of [-10 * 365 * 86_400_000, 3_600_000]) {
      server = await serveAsked(peer, () => [{ kind: 'end', calls: 0 }], {
        ...systemClock,
        now: () => Date.now() + wrongMs,
      });
      expect(await answer(askerFor(server))).toEqual([{ kind: 'end', calls: 0 }]);
      await server.stop();
    }
  });

  it('says why a peer is not reached, and does nothing before it is pulled', async () => {
    let lookedUp = 0;
    const asker = new GrpcAsker({
      identity: self,
      addressOf: async () => {
        lookedUp += 1;
        return undefined;
      },
    });
    const frames = asker.ask(peer.id, request, new AbortController().signal);
    expect(lookedUp).toBe(0);
    await expect(frames.next()).rejects.toMatchObject({ code: 'unavailable' });
    const nobody = new GrpcAsker({ identity: self, addressOf: async () => '127.0.0.1:1' });
    await expect(answer(nobody)).rejects.toMatchObject({ code: 'unavailable' });
    nobody.close();
    await expect(answer(nobody)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends at once when nobody wants the answer any more, and the peer learns of it', async () => {
    server = await serveAsked(peer, function* () {
      for (;;) yield { kind: 'progress' };
    });
    const controller = new AbortController();
    const asker = askerFor(server);
    const reading = (async () => {
      for await (const _ of asker.ask(peer.id, request, controller.signal)) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    while (server.guard.admissions.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
