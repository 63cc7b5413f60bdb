import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../dist/client/index.js';
import { createIdentity } from '../../dist/identity/keys.js';
import { RegistryClient } from '../../dist/rpc/registry-client.js';
import { openChannel } from '../../dist/wire/channels.js';
import { signServerEntry } from '../../dist/wire/convert-server-entry.js';
import { RegistryServiceService } from '../../dist/wire/gen/moot/v1/registry.js';
import { Processes } from '../../test/support/processes.js';
import { serverEntry } from '../../test/support/server-entries.js';
import { median } from './support.js';

/** What one registry bears. */
export interface RegistryFigures {
  /** Of a renewal, while 200 servers renew each second. */
  readonly renewalP99Ms: number;
  /** Until the last page of 10,000 is here; nobody has checked them. */
  readonly listMs: number;
}

const servers = 200;
const renewals = 10;
const listed = 10_000;

export async function benchRegistry(rounds: number, say: (line: string) => void): Promise<RegistryFigures> {
  const all = { renewal: [] as number[], list: [] as number[], checked: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    const network = new Processes();
    try {
      const flags = ['--unproved', '--lease', '10m', '--address-rate', 'off', '--address-connections', 'off'];
      const { address } = await network.startRegistry(...flags);
      all.renewal.push(await renewalP99(address));
      const { listMs, checkedMs } = await list(address);
      all.list.push(listMs);
      all.checked.push(checkedMs);
    } finally {
      await network.close();
    }
    const [renewal = 0, raw = 0, checked = 0] = [all.renewal, all.list, all.checked].map((each) => each.at(-1) ?? 0);
    const took = `${listed} listed in ${Math.round(raw)} ms, by the SDK, each signature checked, in ${Math.round(checked)} ms`;
    say(`registry, round ${round} of ${rounds}: renewal p99 ${renewal.toFixed(1)} ms, ${took}`);
  }
  return { renewalP99Ms: median(all.renewal), listMs: median(all.list) };
}

interface Renewing {
  readonly client: RegistryClient;
  readonly sign: (counter: number) => ReturnType<typeof signServerEntry>;
}

function renewing(address: string, at: number): Renewing {
  const identity = createIdentity();
  const given = { id: identity.id, name: `Listed${at}`, addresses: [`localhost:${1 + (at % 60_000)}`] };
  return {
    client: new RegistryClient(address),
    sign: (counter) => signServerEntry(identity, serverEntry({ ...given, counter, articles: counter })),
  };
}

/** Each server renews once a second, five times as often as they do, over a connection of its own. */
async function renewalP99(address: string): Promise<number> {
  const all = Array.from({ length: servers }, (_, at) => renewing(address, at));
  const tookMs: number[] = [];
  await Promise.all(
    all.map(async ({ client, sign }, at) => {
      await client.register(sign(1), AbortSignal.timeout(5000));
      await pause((at * 1000) / servers);
      for (let counter = 2; counter < 2 + renewals; counter += 1) {
        const signed = sign(counter);
        const began = performance.now();
        await client.register(signed, AbortSignal.timeout(5000));
        tookMs.push(performance.now() - began);
        await pause(Math.max(0, 1000 - (performance.now() - began)));
      }
      client.close();
    }),
  );
  tookMs.sort((a, b) => a - b);
  return tookMs[Math.floor(tookMs.length * 0.99)] ?? 0;
}

async function list(address: string): Promise<{ readonly listMs: number; readonly checkedMs: number }> {
  const client = new RegistryClient(address);
  for (let from = servers; from < listed; from += 100)
    await Promise.all(
      Array.from({ length: Math.min(100, listed - from) }, (_, at) => {
        const one = renewing(address, from + at);
        one.client.close();
        return client.register(one.sign(1), AbortSignal.timeout(20_000));
      }),
    );
  client.close();
  const moot = await connect({ registry: address, timeoutMs: 30_000 });
  try {
    const channel = openChannel(address, { purpose: 'registry' });
    const page = { pageSize: 1000, name: '', idPrefix: '', topic: '' };
    await channel.unary(RegistryServiceService.listServers, { ...page, pageSize: 1, pageToken: '' });
    const began = performance.now();
    let pageToken = '';
    do ({ nextPageToken: pageToken } = await channel.unary(RegistryServiceService.listServers, { ...page, pageToken }));
    while (pageToken !== '');
    const listMs = performance.now() - began;
    channel.close();
    const checkBegan = performance.now();
    const { length } = await moot.servers();
    if (length !== listed) throw new Error(`${length} are listed, not ${listed}`);
    return { listMs, checkedMs: performance.now() - checkBegan };
  } finally {
    await moot.close();
  }
}
