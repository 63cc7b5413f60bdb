import { readFileSync } from 'node:fs';
import { type Client, type ClientDuplexStream, credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { fromWireProof } from '../../src/wire/convert-seal.js';
import { Proof } from '../../src/wire/gen/moot/v1/article.js';
import { TestNetwork } from '../support/network.js';
import { type ForeignArticle, type ForeignEntry, verifySeal } from './recipe.js';

const network = new TestNetwork();
beforeAll(() => network.start(['Hamlet', 'Observatory'], [['Hamlet', 'Observatory']]));
afterAll(() => network.stop());

type Answer = Record<string, unknown>;
type Frame = { frame: string; articles?: { articles: ForeignArticle[] }; report?: Answer };
interface Community extends Client {
  Join(request: object, done: (error: Error | null, answer: Answer) => void): void;
  Publish(request: object, token: Metadata, done: (error: Error | null, answer: Answer) => void): void;
  PublishStream(token: Metadata): ClientDuplexStream<object, { results: { published: { id: string } }[] }>;
  Query(request: object, token: Metadata): AsyncIterable<Frame>;
}

const loaded = loadSync('moot/v1/community.proto', {
  includeDirs: ['proto'],
  keepCase: true,
  longs: String,
  oneofs: true,
  defaults: true,
});
const entryType = loaded['moot.v1.Entry'] as MessageTypeDefinition<ForeignEntry, ForeignEntry>;
const services = loadPackageDefinition(loaded) as unknown as {
  moot: { v1: { CommunityService: new (address: string, credentials: unknown) => Community } };
};

interface Sealed {
  readonly bytes: string;
  readonly proof: string;
}
interface Rotations {
  readonly entries: readonly (Sealed & { readonly id: string })[];
  readonly wrong: readonly Sealed[];
}

const proofType = loaded['moot.v1.Proof'] as MessageTypeDefinition<ForeignArticle['proof'], ForeignArticle['proof']>;

function foreign({ bytes, proof }: Sealed): ForeignArticle {
  return { entry: Buffer.from(bytes, 'hex'), proof: proofType.deserialize(Buffer.from(proof, 'hex')) };
}

function settled<Value>(run: (done: (error: Error | null, value: Value) => void) => void): Promise<Value> {
  return new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))));
}

const decode = (bytes: Buffer) => entryType.deserialize(bytes);

async function newsOf(client: Community, token: Metadata): Promise<ForeignArticle[]> {
  const articles: ForeignArticle[] = [];
  let report: Answer | undefined;
  for await (const frame of client.Query({ filter: { topics: ['news'] } }, token)) {
    articles.push(...(frame.articles?.articles ?? []));
    report = frame.report ?? report;
  }
  expect(report).toMatchObject({ complete: true });
  return articles;
}

async function member(name: string): Promise<{ client: Community; token: Metadata }> {
  const address = network.servers.get(name)?.address ?? '';
  const client = new services.moot.v1.CommunityService(address, credentials.createInsecure());
  const joined = await settled<Answer>((done) => client.Join({ name: 'kim' }, done));
  const token = new Metadata();
  token.set('authorization', `Bearer ${joined.token}`);
  return { client, token };
}

describe('S0.13 a client that reads proto/ when it runs', () => {
  it('joins, publishes, asks the network, and verifies each seal by the recipe', async () => {
    const members = [await member('Hamlet'), await member('Observatory')];
    const ids = [];
    for (const [n, { client, token }] of members.entries()) {
      const draft = { topic: 'news', title: `No. ${n}`, body: `Größe — 🌒 ${n}` };
      ids.push((await settled<Answer>((done) => client.Publish({ draft, key: `k${n}` }, token, done))).id);
    }
    const [{ client, token }] = members as [(typeof members)[0]];
    const articles = await newsOf(client, token);
    for (const each of members) each.client.close();
    expect(articles.map((article) => verifySeal(article, decode))).toEqual(
      expect.arrayContaining(ids.map((id) => ({ id }))),
    );
    expect(articles).toHaveLength(2);
    const [first] = articles as [ForeignArticle];
    const altered = Buffer.from(first.entry.toString('latin1').replace('No.', 'Nr.'), 'latin1');
    expect(verifySeal({ ...first, entry: altered }, decode)).toEqual({ wrong: 'root' });
  });

  it('N5 verifies, by the same recipe, what a community has sealed whose key was replaced twice', () => {
    const made = JSON.parse(readFileSync('test/fixtures/rotations-v1.json', 'utf8')) as Rotations;
    expect(made.entries.map((each) => verifySeal(foreign(each), decode))).toEqual(
      made.entries.map(({ id }) => ({ id })),
    );
    expect(made.wrong.map((each) => verifySeal(foreign(each), decode))).toEqual(
      made.wrong.map(() => ({ wrong: 'rotations' })),
    );
    // Ours says the same.
    const ours = ({ bytes, proof }: Sealed): unknown =>
      new ArticleChecker().check(Buffer.from(bytes, 'hex'), fromWireProof(Proof.decode(Buffer.from(proof, 'hex'))), 0)
        .id;
    expect(made.entries.map(ours)).toEqual(made.entries.map(({ id }) => id));
    for (const each of made.wrong) expect(() => ours(each)).toThrow(/./);
  });

  it.each([2, 3, 7, 8, 13])('verifies each of %d articles under one seal by its path', async (size) => {
    const name = `Many${size}`;
    await network.startServer(name);
    const { client, token } = await member(name);
    const stream = client.PublishStream(token);
    const items = Array.from({ length: size }, (_, n) => ({ key: `k${n}`, draft: { topic: 'news', body: `${n}` } }));
    stream.end({ items });
    const ids: string[] = [];
    for await (const { results } of stream as AsyncIterable<{ results: { published: { id: string } }[] }>)
      ids.push(...results.map(({ published }) => published.id));
    const articles = await newsOf(client, token);
    client.close();
    expect(new Set(articles.map(({ proof }) => proof.seal.size))).toEqual(new Set([size]));
    const inOrder = articles.sort((a, b) => a.proof.index - b.proof.index);
    expect(inOrder.map((article) => verifySeal(article, decode))).toEqual(ids.map((id) => ({ id })));
    // Neither the place of another nor its path will do.
    const [first, second] = inOrder as [ForeignArticle, ForeignArticle];
    expect(verifySeal({ ...first, proof: second.proof }, decode)).toEqual({ wrong: 'place' });
    const swapped = { ...first.proof, path: second.proof.path };
    expect(verifySeal({ ...first, proof: swapped }, decode)).toEqual({ wrong: 'root' });
    const cut = { ...first.proof, path: first.proof.path.slice(1) };
    expect(verifySeal({ ...first, proof: cut }, decode)).toEqual({ wrong: 'path too short' });
    const longer = { ...first.proof, path: [...first.proof.path, Buffer.alloc(32)] };
    expect(verifySeal({ ...first, proof: longer }, decode)).toEqual({ wrong: 'root' });
  });
});
