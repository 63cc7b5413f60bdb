import { afterEach, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '../../src/core/clock.js';
import type { Handlers } from '../../src/rpc/handler.js';
import { type Service, service } from '../../src/rpc/requests.js';
import {
  type CommunityServiceServer,
  CommunityServiceService,
  type QueryResponse,
} from '../../src/wire/gen/moot/v1/community.js';
import { everyRule, serve, type TestServer } from '../support/rpc-server.js';

const { query } = CommunityServiceService;
const question = query.requestDeserialize(Buffer.alloc(0));
const nextPageToken = 'x'.repeat(16 * 1024);
const bigFrame: QueryResponse = {
  frame: { $case: 'report', value: { complete: true, nextPageToken, rounds: 0, calls: 0, coverageChanged: false } },
};
let test: TestServer | undefined;

afterEach(() => test?.stop());

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a stream', () => {
  it('cuts the connection of a reader that takes nothing for as long as it may, and of nobody who reads', async () => {
    const stalledMs = 30_000;
    const stalls = new Set<() => void>();
    const clock: Clock = {
      ...systemClock,
      after: (ms, run) => {
        if (ms !== stalledMs) return systemClock.after(ms, run);
        stalls.add(run);
        return () => void stalls.delete(run);
      },
    };
    const frames = 200;
    const services = (on: Handlers): readonly Service[] => {
      const answers = async function* () {
        for (let count = 0; count < frames; count += 1) yield bigFrame;
      };
      const handlers = { query: on.serverStream(answers, { mostMs: Number.POSITIVE_INFINITY, stalledMs }) };
      return [service(CommunityServiceService, handlers as unknown as CommunityServiceServer)];
    };
    test = await serve({ member: () => ({ memberId: 'm', memberName: 'M' }) }, services, everyRule, clock);
    const { channel } = test;
    let read = 0;
    for await (const _ of channel().serverStream(query, question, { token: 't' })) read += 1;
    expect([read, stalls.size]).toEqual([frames, 0]);
    const unread = channel().serverStream(query, question, { token: 't' });
    await until(() => stalls.size === 1);
    for (const cut of stalls) cut();
    await expect(
      (async () => {
        for await (const _ of unread);
      })(),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });
});
