import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Moot } from '../../src/client/index.js';
import { ReplicaLoad } from '../support/replica-load.js';
import { Replicated } from '../support/replicated.js';
import { itWithBoth } from '../support/with-own.js';

/** A shorter run than the whole one: 50 replicas, 20 times NATS and 10 times PostgreSQL are killed with MOOT_TEST_REPLICA_KILLS=50. */
const replicaKills = Number(process.env.MOOT_TEST_REPLICA_KILLS ?? 6);
const natsKills = Math.max(3, Math.round(replicaKills * 0.4));
const postgresKills = Math.max(2, Math.round(replicaKills * 0.2));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

describe('three replicas under load', () => {
  let assembly: Replicated;
  let load: ReplicaLoad;
  beforeAll(async () => {
    assembly = await Replicated.start(3);
    await linked(assembly);
    load = await ReplicaLoad.start(assembly, { publishers: 8, subscribers: 20, everyMs: 100 });
  }, 120_000);
  afterAll(async () => {
    load?.stop();
    await assembly?.close();
  }, 60_000);

  itWithBoth(
    'N10 a replica that is frozen stops the others for three seconds at most',
    async () => {
      for (const at of [0, 1, 2, 0, 1, 2]) {
        // Others publish meanwhile: it may well be frozen between its lock and its COMMIT.
        assembly.replicas[at]?.child.kill('SIGSTOP');
        const tookMs = await load.publishAt((at + 1) % 3, 4);
        assembly.replicas[at]?.child.kill('SIGCONT');
        say(`frozen replica ${at}: the longest publication at another one took ${Math.round(tookMs)} ms`);
        expect(tookMs).toBeLessThan(3000 + load.slackMs);
        await pause(500);
      }
    },
    120_000,
  );

  itWithBoth(
    'N10 whatever is killed, no acknowledged article is lost or doubled, and delivery goes on',
    async () => {
      load.begin('calm');
      await pause(4000);
      load.end();
      const natsEvery = replicaKills / natsKills;
      const postgresEvery = replicaKills / postgresKills;
      let [nats, postgres] = [0, 0];
      for (let kill = 0; kill < replicaKills; kill += 1) {
        const at = kill % 3;
        load.begin('replica');
        await assembly.replicas[at]?.end('SIGKILL');
        await pause(2000);
        await assembly.startReplica(at);
        await pause(4500);
        load.end();
        if (nats < (kill + 1) / natsEvery) {
          nats += 1;
          load.begin('nats');
          await assembly.nats?.kill();
          await pause(3000);
          await assembly.nats?.again();
          await pause(1000);
          load.end();
        }
        if (postgres < (kill + 1) / postgresEvery) {
          postgres += 1;
          load.begin('postgres');
          await assembly.postgres.kill();
          await assembly.postgres.again();
          await pause(4000);
          load.end();
        }
      }
      const verdict = await load.verdict();
      for (const line of verdict.lines) say(line);
      expect(verdict.faults).toEqual([]);
      expect(verdict.acked).toBeGreaterThan(0);
      // The longest that any subscriber waited for the next article while replicas, or NATS, were killed.
      expect(load.longestMs('replica', 'own')).toBeLessThan(3000 + load.slackMs);
      expect(load.longestMs('replica', 'peer')).toBeLessThan(6000 + load.slackMs);
      expect(load.longestMs('nats', 'own')).toBeLessThan(2000 + load.slackMs);
    },
    120_000 + replicaKills * 20_000,
  );
});

/** Assembly follows Upstream, and Downstream follows Assembly. */
async function linked(assembly: Replicated): Promise<void> {
  await assembly.processes.startServer('Upstream');
  await assembly.processes.startServer('Downstream');
  const home: Moot = await assembly.connect();
  await (await home.operator('Assembly')).connect('Upstream');
  await (await home.operator('Downstream')).connect('Assembly');
}
