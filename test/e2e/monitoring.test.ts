import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, figuresOf, itWithParser, read } from '../support/figures.js';
import { type HalfSent, halfSent } from '../support/half-sent.js';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
let registry: Daemon;
let first: Daemon;
let second: Daemon;
const metricsOf = ({ ready }: Daemon): string => String(ready.metrics);
const health = (daemon: Daemon, path: string) => read(metricsOf(daemon).replace('/metrics', path));

beforeAll(async () => {
  registry = await network.startRegistry('--metrics', '0');
  first = await network.startServer('First', '--metrics', '0');
  second = await network.startServer('Second', '--metrics', '0');
  await network.ok('connect', 'First', 'Second');
  await network.ok('join', 'First', '--as', 'ada');
  await network.ok('join', 'Second', '--as', 'ada');
  for (const server of ['First', 'Second', 'Second'])
    await network.ok('publish', server, '--topic', 'log', '--body', 'Good morning', '--key', 'once');
  await network.ok('subscribe', 'First', '--from', 'beginning', '--count', '2');
  await network.ok('query', 'First');
});
afterAll(() => network.close());

/** As https://prometheus.io/docs/practices/naming has it. */
function faultsOf({ name, type, help, samples }: Family): readonly string[] {
  const isOurs = name.startsWith('moot_');
  const faults = [
    !isOurs && !/^(process|nodejs)_/.test(name) ? 'another prefix' : '',
    !/^[a-z][a-z0-9_]*$/.test(name) ? 'another alphabet' : '',
    !['gauge', 'counter', 'histogram'].includes(type) ? `type ${type}` : '',
    help.length < 5 ? 'no help' : '',
    isOurs && /_(ms|milliseconds|kb|mb|percent|count|sum)$/.test(name) ? 'no base unit' : '',
    type === 'histogram' && isOurs && !/_(seconds|bytes)$/.test(name) ? 'a histogram of nothing' : '',
    type === 'counter' && isOurs && samples.some((sample) => !/_(total|created)$/.test(sample.name)) ? 'no _total' : '',
    new Set(samples.map((sample) => JSON.stringify([sample.name, sample.labels]))).size < samples.length ? 'twice' : '',
  ];
  return faults.filter((fault) => fault !== '').map((fault) => `${name}: ${fault}`);
}

describe('what a program says of itself to those who look after it', () => {
  itWithParser(
    'passes the parser of Prometheus, with names, units, help and types as its conventions have them',
    async () => {
      for (const daemon of [registry, first, second]) {
        const { families } = await figuresOf(metricsOf(daemon));
        expect(families.flatMap(faultsOf)).toEqual([]);
        expect(families.filter(({ name }) => name.startsWith('moot_')).length).toBeGreaterThan(8);
      }
    },
  );

  itWithParser('counts what the servers have done', async () => {
    const { value } = await figuresOf(metricsOf(first));
    expect(value('moot_articles')).toBe(1);
    expect(value('moot_members')).toBe(1);
    expect(value('moot_queries_total', { outcome: 'complete' })).toBe(1);
    expect(value('moot_query_rows_total', { outcome: 'ANSWERED' })).toBe(2);
    expect(value('moot_query_duration_seconds_count')).toBe(1);
    expect(value('moot_commits_total', { log: 'own' })).toBe(1);
    expect(value('moot_commits_total', { log: 'mirrored' })).toBe(1);
    expect(value('moot_mirrored_entries', { origin: String(second.ready.id) })).toBe(1);
    expect(value('moot_feed_lag_seconds', { peer: String(second.ready.id) })).toBeLessThan(60);
    expect(value('moot_links', { state: 'up' })).toBe(1);
    expect(value('moot_breakers', { state: 'open' })).toBe(0);
    expect(value('moot_registered')).toBe(1);
    expect(value('moot_ready')).toBe(1);
    expect(value('moot_write_queue_articles')).toBe(0);
    expect(value('moot_commit_duration_seconds_count')).toBe(1);
    expect(value('moot_calls_total', { method: 'moot.v1.CommunityService/Query', code: 'ok' })).toBe(1);
    expect(value('moot_disk_free_bytes')).toBeGreaterThan(0);
    const again = await figuresOf(metricsOf(second));
    expect(again.value('moot_drafts_total', { outcome: 'duplicate' })).toBe(1);
    const listed = await figuresOf(metricsOf(registry));
    expect(listed.value('moot_registry_servers')).toBe(2);
  });

  itWithParser('counts calls that were not let in by their code, and no name that a stranger has made up', async () => {
    const call = (path: string) => halfSent(first.address, path).then((sent) => sent.finish());
    expect(await call('/moot.v1.CommunityService/Query')).toBe('16');
    expect(await call('/moot.v1.MadeUpService/Anything')).toBe('12');
    const { families, value } = await figuresOf(metricsOf(first));
    expect(value('moot_refused_calls_total', { code: 'unauthenticated' })).toBe(1);
    expect(JSON.stringify(families)).not.toContain('MadeUp');
  });

  it('listens on this machine alone, and answers nothing but its three pages', async () => {
    expect(metricsOf(first)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect((await health(first, '/')).status).toBe(404);
    expect((await fetch(metricsOf(first), { method: 'POST', body: 'x' })).status).toBe(405);
    const taken = await network.run(['server', '0', '--name', 'Third', '--metrics', new URL(metricsOf(first)).port]);
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringMatching(/port \d+ (of .* )?is in use/)]);
  });

  it('says that it is ready until it is told to stop, and that it is alive while a call still ends', async () => {
    expect(await health(second, '/readyz')).toEqual({ status: 200, text: 'ready\n' });
    expect(await health(second, '/livez')).toEqual({ status: 200, text: 'alive\n' });
    const call: HalfSent = await halfSent(second.address, '/moot.v1.CommunityService/Describe');
    const ended = second.end('SIGTERM');
    await second.says('stopping');
    expect(await health(second, '/readyz')).toEqual({ status: 503, text: 'not ready: stopping\n' });
    expect(await health(second, '/livez')).toEqual({ status: 200, text: 'alive\n' });
    expect(await call.finish()).toBe('0');
    expect(await ended).toBe(0);
  });
});
