import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/core/clock.js';
import type { MootError } from '../../src/core/errors.js';
import { AppendQueue } from '../../src/store/sqlite/append-queue.js';
import type { ReaderCalls } from '../../src/store/sqlite/messages.js';
import { type PackedBatch, packAcks, unpackSubmissions } from '../../src/store/sqlite/packed-submissions.js';
import { ReaderPool } from '../../src/store/sqlite/reader-pool.js';
import { WorkerLink } from '../../src/store/sqlite/worker-link.js';
import { draft, submission } from '../support/drafts.js';

const script = pathToFileURL('test/support/dying-worker.mjs');

describe('a thread of the store that dies', () => {
  it('refuses the calls that wait for it, and tells', async () => {
    const deaths: MootError[] = [];
    const events = { onNotice: () => undefined, onDeath: (error: MootError) => void deaths.push(error) };
    const link = await WorkerLink.start<ReaderCalls>(script, {}, {}, events);
    const calls = [link.call('members'), link.call('links'), link.call('counts')];
    for (const result of await Promise.allSettled(calls))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    await expect(link.call('links')).rejects.toMatchObject({ code: 'unavailable' });
    expect(deaths).toHaveLength(1);
  });

  it('is replaced, when it reads, by the next call', async () => {
    const pool = await ReaderPool.start(1, { file: '', own: '' }, () => undefined, script);
    const before = await pool.call('links');
    await expect(pool.call('members')).rejects.toMatchObject({ code: 'unavailable' });
    const after = await pool.call('links');
    expect(after).not.toEqual(before);
    await pool.close();
  });

  it('ends a start that it does not survive', async () => {
    const events = { onNotice: () => undefined, onDeath: () => undefined };
    const missing = new URL('missing.mjs', script);
    await expect(WorkerLink.start(missing, {}, {}, events)).rejects.toThrow();
  });
});

describe('the queue before the writer', () => {
  it('sends what is appended in one turn as one message, and gives each caller its own', async () => {
    const sent: PackedBatch[] = [];
    const queue = new AppendQueue(systemClock, async (batch) => {
      sent.push(batch);
      return packAcks(
        'o',
        unpackSubmissions(batch).map(({ draft: { body } }, at) => {
          if (body === 'refused') return { refused: 'key has another draft' };
          return { published: { id: body, origin: 'o', epoch: 1, seq: at + 1, publishedAtMs: 5, duplicate: at === 2 } };
        }),
      );
    });
    const bodies = [['a', 'b'], ['c'], ['refused', 'd'], []];
    const results = await Promise.all(bodies.map((list) => queue.append(list.map((body) => submission(draft(body))))));
    expect(sent).toHaveLength(1);
    expect(results.map((list) => list.map((one) => ('published' in one ? one.published.id : one.refused)))).toEqual([
      ['a', 'b'],
      ['c'],
      ['key has another draft', 'd'],
      [],
    ]);
    expect(results[1]?.[0]).toMatchObject({ published: { seq: 3, duplicate: true, publishedAtMs: 5 } });
  });

  it('refuses more than may wait, by count and by bytes, and takes some again once that is on the disk', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const queue = new AppendQueue(systemClock, async (batch) => {
      await gate;
      return packAcks(
        'o',
        Array.from(unpackSubmissions(batch), () => ({ refused: 'key has another draft' as const })),
      );
    });
    const large = submission(draft('x'.repeat(200_000)));
    const waiting = Array.from({ length: 160 }, () => queue.append([large]));
    await expect(queue.append(Array.from({ length: 10 }, () => large))).rejects.toMatchObject({ code: 'full' });
    const small = Array.from({ length: 32_000 }, () => submission(draft('x')));
    await expect(queue.append([...small, ...small])).rejects.toMatchObject({ code: 'full', hint: expect.any(String) });
    release();
    await Promise.all(waiting);
    expect(await queue.append([large])).toHaveLength(1);
    await queue.finish();
    await expect(queue.append([large])).rejects.toMatchObject({ code: 'unavailable' });
  });
});
