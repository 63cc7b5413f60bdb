import { describe, expect, it } from '@jest/globals';
import { type Answer, PageAnswer } from '../../src/client/answer.js';
import { AllPages } from '../../src/client/query-all.js';
import type { SealedArticle } from '../../src/core/entry.js';
import { MootError } from '../../src/core/errors.js';
import type { Row } from '../../src/core/row.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { createIdentity } from '../../src/identity/keys.js';
import { toWireArticles } from '../../src/wire/convert-article.js';
import { toWireReport } from '../../src/wire/convert-query.js';
import { signRow, toWireRow } from '../../src/wire/convert-row.js';
import type { QueryResponse } from '../../src/wire/gen/moot/v1/community.js';
import { reportOf, rowOf } from '../support/reports.js';
import { sealCommit } from '../support/sealed.js';

const identity = createIdentity();
const articles = sealCommit(identity, 3);
const checker = new ArticleChecker();

function ownRow(given: Partial<Row> = {}): Row {
  return signRow(identity, 'q', rowOf(identity.id, { name: 'Hamlet', digest: new Uint8Array(32), ...given }));
}

const articlesFrame = (list: readonly SealedArticle[]): QueryResponse => ({
  frame: { $case: 'articles', value: toWireArticles(list) },
});
const rowsFrame = (...rows: readonly Row[]): QueryResponse => ({
  frame: { $case: 'rows', value: { rows: rows.map(toWireRow) } },
});
const reportFrame = (given: Partial<ReturnType<typeof reportOf>> = {}): QueryResponse => ({
  frame: { $case: 'report', value: toWireReport({ ...reportOf([], true), ...given }) },
});

async function* sends(frames: readonly (QueryResponse | Error)[]): AsyncGenerator<QueryResponse> {
  for (const frame of frames) {
    if (frame instanceof Error) throw frame;
    yield frame;
  }
}

function answer(...frames: readonly (QueryResponse | Error)[]): Answer {
  return fromReplicas(frames);
}

/** Each breaks off where its frames end, and the next one is asked. */
function fromReplicas(...replicas: readonly (readonly (QueryResponse | Error)[])[]): Answer {
  let asked = 0;
  const open = async (): Promise<AsyncIterable<QueryResponse>> => {
    asked += 1;
    return sends(replicas[asked - 1] ?? []);
  };
  return new PageAnswer({ open, goesOn: () => asked < replicas.length }, checker, 3, () => undefined);
}

async function read(of: Answer): Promise<string[]> {
  const bodies: string[] = [];
  for await (const { body, originName } of of) bodies.push(`${originName}: ${body}`);
  return bodies;
}

describe('an answer', () => {
  it('gives its articles in order, each with the name of where it comes from, even when that came later', async () => {
    const given = answer(articlesFrame(articles), rowsFrame(ownRow()), reportFrame());
    expect(await read(given)).toEqual(['Hamlet: body 1', 'Hamlet: body 2', 'Hamlet: body 3']);
    expect(await given.report).toMatchObject({ complete: true, rows: [{ name: 'Hamlet', outcome: 'ANSWERED' }] });
  });

  it('an origin that no row names has no name', async () => {
    expect(await read(answer(articlesFrame(articles.slice(0, 1)), reportFrame()))).toEqual(['undefined: body 1']);
  });

  it('the report may be awaited without reading', async () => {
    expect(await answer(articlesFrame(articles), rowsFrame(ownRow()), reportFrame()).report).toMatchObject({
      complete: true,
    });
  });

  it('N10 begins anew at another replica where one breaks off before anybody has read of it', async () => {
    const given = fromReplicas(
      [new MootError('unavailable', 'gone')],
      [rowsFrame(ownRow()), articlesFrame(articles.slice(0, 2)), new MootError('unavailable', 'gone')],
      [articlesFrame(articles), rowsFrame(ownRow()), reportFrame()],
    );
    await given.report;
    expect(await read(given)).toEqual(['Hamlet: body 1', 'Hamlet: body 2', 'Hamlet: body 3']);
  });

  it('N10 gives nothing twice where it breaks off while it is read', async () => {
    const gone = new MootError('unavailable', 'gone');
    let breakOff = (): void => undefined;
    const isRead = new Promise<void>((resolve) => {
      breakOff = resolve;
    });
    async function* half(): AsyncGenerator<QueryResponse> {
      yield rowsFrame(ownRow());
      yield articlesFrame(articles.slice(0, 1));
      await isRead;
      throw gone;
    }
    const given = new PageAnswer({ open: async () => half(), goesOn: () => true }, checker, 3, () => undefined);
    const reader = given[Symbol.asyncIterator]();
    expect((await reader.next()).value).toMatchObject({ body: 'body 1' });
    breakOff();
    await expect(reader.next()).rejects.toBe(gone);
  });

  it('N5 an article whose bytes were changed is never given', async () => {
    const [first] = articles;
    if (!first) throw new Error('no article');
    const bytes = Uint8Array.from(first.bytes);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const given = answer(rowsFrame(ownRow()), articlesFrame([{ ...first, bytes }]), reportFrame());
    await expect(read(given)).rejects.toThrow(expect.objectContaining({ code: 'damaged' }));
    await expect(given.report).rejects.toThrow(expect.objectContaining({ code: 'damaged' }));
  });

  it('a row that its server did not sign breaks the answer', async () => {
    const row = ownRow();
    const forged = { ...row, signed: row.signed && { ...row.signed, signature: new Uint8Array(64) } };
    await expect(answer(rowsFrame(forged), reportFrame()).report).rejects.toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
  });

  it('more than was asked for is not believed', async () => {
    const given = answer(
      rowsFrame(ownRow()),
      articlesFrame(articles),
      articlesFrame(articles.slice(0, 1)),
      reportFrame(),
    );
    await expect(given.report).rejects.toThrow(expect.objectContaining({ code: 'damaged' }));
  });

  it('that ends without its report broke off', async () => {
    const given = answer(rowsFrame(ownRow()), articlesFrame(articles));
    await expect(read(given)).rejects.toThrow('the answer broke off before its report');
  });

  it('refused for not being complete, it has its articles and its report all the same', async () => {
    const refusal = new MootError('unavailable', 'not complete');
    const given = answer(rowsFrame(ownRow()), articlesFrame(articles), reportFrame({ complete: false }), refusal);
    const bodies: string[] = [];
    await expect(
      (async () => {
        for await (const { body } of given) bodies.push(body);
      })(),
    ).rejects.toThrow('not complete');
    expect(bodies).toHaveLength(3);
    expect((await given.report).complete).toBe(false);
  });
});

describe('all pages', () => {
  const dead = rowOf(createIdentity().id, {
    outcome: 'UNREACHABLE',
    reason: 'silent',
    name: 'Othello',
    via: identity.id,
    tookMs: 5,
  });
  const first = [
    rowsFrame(ownRow({ articles: 3 })),
    articlesFrame(articles.slice(0, 2)),
    reportFrame({ next: 'p2', calls: 2 }),
  ];

  function pages(...list: readonly (readonly (QueryResponse | Error)[])[]): {
    all: Answer;
    asked: (string | undefined)[];
  } {
    const asked: (string | undefined)[] = [];
    const all = new AllPages((page) => {
      asked.push(page);
      return answer(...(list[asked.length - 1] ?? []));
    });
    return { all, asked };
  }

  it('are one answer with one report, which counts what came of each community', async () => {
    const { all, asked } = pages(first, [
      rowsFrame(ownRow({ articles: 1 })),
      articlesFrame(articles.slice(2)),
      reportFrame({ calls: 3 }),
    ]);
    expect(await read(all)).toHaveLength(3);
    expect(asked).toEqual([undefined, 'p2']);
    expect(await all.report).toMatchObject({
      complete: true,
      next: undefined,
      rounds: 1,
      calls: 5,
      rows: [{ name: 'Hamlet', articles: 3, tookMs: 14 }],
    });
  });

  it('are complete only if every page was, and the worst of a community counts', async () => {
    const { all } = pages(
      [rowsFrame(ownRow(), dead), reportFrame({ complete: false, next: 'p2' })],
      [rowsFrame(ownRow(), ownRowOf(dead)), reportFrame({ complete: true })],
    );
    await read(all);
    expect(await all.report).toMatchObject({
      complete: false,
      rows: [{}, { name: 'Othello', outcome: 'UNREACHABLE' }],
    });
  });

  it('over other communities than before are not complete', async () => {
    const { all } = pages(first, [rowsFrame(ownRow()), reportFrame({ coverageChanged: true })]);
    await read(all);
    expect(await all.report).toMatchObject({ complete: false, coverageChanged: true });
  });

  it('a page that is refused for not being complete ends them, with the report so far', async () => {
    const refusal = new MootError('unavailable', 'not complete');
    const { all } = pages(first, [rowsFrame(ownRow(), dead), reportFrame({ complete: false }), refusal]);
    await expect(read(all)).rejects.toThrow('not complete');
    expect(await all.report).toMatchObject({ complete: false, rows: [{ articles: 2 }, { outcome: 'UNREACHABLE' }] });
  });

  it('left before their end have no report', async () => {
    const { all } = pages(first);
    for await (const _ of all) break;
    await expect(all.report).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
  });
});

function ownRowOf(row: Row): Row {
  return { ...row, outcome: 'STALE', ageMs: 1 };
}
