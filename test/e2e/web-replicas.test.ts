import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Membership, Page, Published } from '../../src/web/api.js';
import { LiveStream } from '../support/live-stream.js';
import { Replicated } from '../support/replicated.js';
import { itWithBoth } from '../support/with-own.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('moot web before a community of three replicas', () => {
  let assembly: Replicated;
  let api = '';
  beforeAll(async () => {
    assembly = await Replicated.start(3, { flags: ['--readable', 'public'] });
    const web = await assembly.processes.start('web', '--port', '0');
    api = `${web.address}/api/communities/Assembly`;
  }, 60_000);
  afterAll(() => assembly?.close(), 30_000);

  const post = async <T>(path: string, body: object, token = ''): Promise<T> => {
    const headers = { 'content-type': 'application/json', 'moot-write': '1', authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

  itWithBoth(
    'N10 N11 a page reads, publishes once for a key and follows over one stream while each replica is killed in turn',
    async () => {
      const { token } = await post<Membership>('join', { name: 'ada', invite: null });
      const live = new LiveStream();
      await live.open(`${api}/live`);
      const acked = new Map<string, number>();
      const faults: string[] = [];
      let [slowestMs, isStopped] = [0, false];
      const timed = async <T>(what: string, work: Promise<T>): Promise<T | undefined> => {
        const began = performance.now();
        try {
          return await work;
        } catch (error) {
          faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
          return undefined;
        } finally {
          slowestMs = Math.max(slowestMs, performance.now() - began);
        }
      };
      const publishing = (async () => {
        for (let number = 0; !isStopped; number += 1) {
          const body = `article ${number}`;
          const form = { topic: 'town', title: null, body, replyTo: null, key: `key ${number}` };
          const done = await timed(body, post<Published>('articles', form, token ?? ''));
          if (done) acked.set(body, performance.now());
          // As a page does that did not hear the answer.
          if (done && number % 5 === 0) {
            const again = await timed(`${body} again`, post<Published>('articles', form, token ?? ''));
            if (again && (again.id !== done.id || !again.duplicate)) faults.push(`${body} was made twice`);
          }
          await pause(100);
        }
      })();
      const reading = (async () => {
        for (let number = 0; !isStopped; number += 1) {
          const answer = await timed('a page', fetch(`${api}/articles?limit=${(number % 50) + 1}`));
          if (answer && !answer.ok) faults.push(`a page: ${answer.status} ${await answer.text()}`);
          else await answer?.arrayBuffer();
          await pause(150);
        }
      })();
      for (const at of [0, 1, 2]) {
        await pause(1500);
        await assembly.replicas[at]?.end('SIGKILL');
        await pause(4000);
        await assembly.startReplica(at);
      }
      isStopped = true;
      await Promise.all([publishing, reading]);
      while ([...acked.keys()].some((body) => !live.seenMs.has(body)) && !live.hasEnded) await pause(25);
      const latestMs = Math.max(...[...acked].map(([body, ms]) => (live.seenMs.get(body) ?? Number.NaN) - ms));
      process.stderr.write(
        `gateway before replicas: ${acked.size} articles, the slowest request ${Math.round(slowestMs)} ms, seen at most ${Math.round(latestMs)} ms after its acknowledgement; ${live.types.filter((type) => type === 'lost').length} times told that the stream was lost\n`,
      );
      expect([faults, live.hasEnded]).toEqual([[], false]);
      expect(live.bodies).toEqual([...acked.keys()]);
      expect(latestMs).toBeLessThan(3000);
      // What a call may take, when it is not said.
      expect(slowestMs).toBeLessThan(5000);
      const { articles } = (await (await fetch(`${api}/articles?limit=500`)).json()) as Page;
      expect(articles.map(({ body }) => body)).toEqual([...acked.keys()].reverse());
      live.close();
    },
    120_000,
  );
});
