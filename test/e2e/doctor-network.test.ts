import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { parseAddress } from '../../src/core/address.js';
import { service } from '../../src/rpc/requests.js';
import { openChannel } from '../../src/wire/channels.js';
import {
  type ListServersResponse,
  type RegistryServiceServer,
  RegistryServiceService,
} from '../../src/wire/gen/moot/v1/registry.js';
import { TestAuthority } from '../support/certificates.js';
import { TestNetwork } from '../support/network.js';
import { type Daemon, Processes } from '../support/processes.js';
import { serve } from '../support/rpc-server.js';
import { Terminal } from '../support/terminal.js';
import { TlsFront } from '../support/tls-front.js';

jest.setTimeout(120_000);

interface Line {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly hint: string | null;
}

const network = new TestNetwork();
let apart: Processes;

beforeAll(async () => {
  mkdirSync(network.home, { recursive: true, mode: 0o700 });
  await network.start(['Hamlet', 'Othello'], [['Hamlet', 'Othello']], { unproved: true });
  apart = new Processes(network.registry);
});
afterAll(async () => {
  await apart.close();
  await network.stop();
});

/** What `moot doctor` finds, but that all is well. */
async function doctor(...registries: string[]): Promise<{ readonly status: number; readonly found: readonly Line[] }> {
  const env = { MOOT_HOME: network.home, MOOT_REGISTRY: [network.registry, ...registries].join(',') };
  const terminal = new Terminal({ env });
  const status = await run(['doctor', '--json'], terminal.io, '0.0.0');
  const lines = terminal.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  // The disk of whoever runs this is not planted.
  return { status, found: lines.filter((line) => line.status !== 'ok' && line.check !== 'disk') };
}

const finding = (check: string, status: 'FAIL' | 'warning', detail: RegExp | string, hint: RegExp | string) => ({
  check,
  status,
  detail: expect.stringMatching(detail),
  hint: expect.stringMatching(hint),
});

async function startApart(name: string, options = ''): Promise<Daemon> {
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = options;
  try {
    return await apart.startServer(name);
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
}

async function operate(name: string, act: (moot: Awaited<ReturnType<TestNetwork['connect']>>) => Promise<unknown>) {
  const moot = await network.connectAtHome();
  await act(moot).finally(() => moot.close());
  return name;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(50);
}

describe('moot doctor names what is wrong with the network, and what to do', () => {
  it('finds nothing in one that is well', async () => {
    expect(await doctor()).toEqual({ status: 0, found: [] });
  });

  it('a listed server that is dead, the link to it, then another one at its address, with another key', async () => {
    const hamlet = network.servers.get('Hamlet');
    const macbeth = await startApart('Macbeth');
    const { port } = parseAddress(macbeth.address);
    await operate('Hamlet', async (moot) => (await moot.operator('Hamlet')).connect('Macbeth'));
    const link = () => hamlet?.view.peers().find(({ name }) => name === 'Macbeth');
    await macbeth.end('SIGKILL');
    await until(() => link()?.state === 'down');
    const dead = await doctor();
    expect(dead.status).toBe(1);
    expect(dead.found).toEqual([
      finding('server', 'FAIL', /^Macbeth is listed at localhost:\d+, and does not answer there$/, /^start it/),
      finding('link', 'FAIL', /^Hamlet → Macbeth is down: /, /moot disconnect Hamlet Macbeth$/),
    ]);
    const impostor = await network.startServer('Impostor', { port, registries: [] });
    await until(() => link()?.reason.includes('not the community it was') === true);
    const { status, found } = await doctor();
    expect(status).toBe(1);
    expect(found).toContainEqual(
      finding('link', 'FAIL', /not the community it was$/, /moot disconnect Hamlet Macbeth$/),
    );
    // While its lease lasts it is listed, too.
    const listed = found.filter(({ check }) => check === 'server');
    for (const line of listed)
      expect(line).toEqual(
        finding('server', 'FAIL', `at localhost:${port} is Impostor now, not Macbeth`, 'moot servers'),
      );
    await operate('Hamlet', async (moot) => (await moot.operator('Hamlet')).disconnect('Macbeth'));
    await impostor.stop();
    network.servers.delete('Impostor');
    await until(() => link() === undefined);
  });

  it('a link that waits for the other operator', async () => {
    await network.startServer('Lear', { peering: 'approval' });
    await operate('Hamlet', async (moot) => (await moot.operator('Hamlet')).connect('Lear'));
    const { found } = await doctor();
    expect(found.filter(({ check }) => check === 'link')).toEqual([
      finding('link', 'warning', /^Hamlet → Lear is waiting/, /moot approve Lear Hamlet$/),
    ]);
    await operate('Hamlet', async (moot) => (await moot.operator('Hamlet')).disconnect('Lear'));
  });

  it('a clock that is three hours ahead: of one server, or, where all others agree, of this machine', async () => {
    const ahead = 'data:text/javascript,const%20now=Date.now;Date.now=()=>now()+10800000';
    const cordelia = await startApart('Cordelia', `--import=${ahead}`);
    const { status, found } = await doctor();
    expect(status).toBe(1);
    expect(found).toContainEqual(finding('clock', 'FAIL', 'the clock of Cordelia is 3 h ahead of the one here', 'ntp'));
    await cordelia.end();
    const [one, two] = [await startApart('Regan'), await startApart('Goneril')];
    for (const server of network.servers.values()) await server.stop();
    network.servers.clear();
    const now = Date.now;
    const behind = jest.spyOn(Date, 'now').mockImplementation(() => now() - 10_800_000);
    const here = await doctor();
    behind.mockRestore();
    expect(here.status).toBe(1);
    expect(here.found.filter(({ check }) => check === 'clock')).toEqual([
      finding('clock', 'FAIL', 'the clock of this machine is 3 h behind those of the servers', 'ntp'),
    ]);
    await one.end();
    await two.end();
  });

  it('plaintext on an address that is not this machine’s', async () => {
    await network.startServer('Duncan', { advertise: 'moot.invalid:50052' });
    const { status, found } = await doctor();
    expect(status).toBe(1);
    expect(found).toContainEqual(
      finding('plaintext', 'FAIL', /^Duncan at moot\.invalid:50052 speaks plaintext/, '--tls-cert FILE'),
    );
    await network.servers.get('Duncan')?.stop();
    network.servers.delete('Duncan');
  });

  it('certificates: expired, about to expire, and for another name', async () => {
    const folder = join(network.folder, 'authority');
    mkdirSync(folder);
    const authority = new TestAuthority(folder);
    const { port } = parseAddress(network.registry);
    const wanted = { expired: { days: -1 }, foreign: { days: 300, names: 'DNS:moot.example' } };
    const fronts = await Promise.all(
      Object.entries(wanted).map(([name, how]) => TlsFront.before(port, authority.issue(name, how))),
    );
    await network.startServer('Banquo', { certificate: authority.issue('soon', { days: 2 }) });
    const { status, found } = await doctor(...fronts.map(({ address }) => address));
    expect(status).toBe(1);
    expect(found.filter(({ check }) => check === 'certificate')).toEqual([
      finding('certificate', 'FAIL', /has expired on \d{4}-\d\d-\d\d$/, '--tls-cert'),
      finding('certificate', 'warning', /is for another name/, 'a certificate for localhost'),
      finding('certificate', 'warning', /expires on \d{4}-\d\d-\d\d$/, '--tls-cert'),
    ]);
    for (const front of fronts) await front.close();
  });

  it('a registry that is away, one that lists what nobody has signed, and one that leaves a server out', async () => {
    const behind = openChannel(network.registry, { purpose: 'client' });
    const telling = (change: (listed: ListServersResponse['servers']) => ListServersResponse['servers']) =>
      serve({}, (on) => {
        const refuse = (): never => {
          throw new Error('not asked here');
        };
        const implementation: RegistryServiceServer = {
          register: on.unary(async () => refuse()),
          deregister: on.unary(async () => refuse()),
          watchServers: on.serverStream(() => refuse()),
          listServers: on.unary(async (request) => {
            const answer = await behind.unary(RegistryServiceService.listServers, request);
            return { ...answer, servers: change(answer.servers) };
          }),
        };
        return [service(RegistryServiceService, implementation)];
      });
    const forging = await telling((listed) =>
      listed.map((one) => {
        if (one.server) one.server.signature[7] = (one.server.signature[7] ?? 0) ^ 1;
        return one;
      }),
    );
    const hiding = await telling(() => []);
    const { status, found } = await doctor('localhost:1', forging.address, hiding.address);
    expect(status).toBe(1);
    expect(found.filter(({ check }) => check === 'registry')).toEqual([
      finding('registry', 'FAIL', 'the registry localhost:1 does not answer', 'moot registry'),
      finding(
        'registry',
        'FAIL',
        `${forging.address} lists (an entry|\\d entries) that no server has signed$`,
        '--registry',
      ),
      finding(
        'registry',
        'warning',
        `${forging.address} does not list .*Banquo.*, which another registry lists$`,
        '--registry',
      ),
      finding(
        'registry',
        'warning',
        `${hiding.address} does not list .*Banquo.*, which another registry lists$`,
        '--registry',
      ),
    ]);
    behind.close();
    await forging.stop();
    await hiding.stop();
  });
});
