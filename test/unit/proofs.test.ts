import { describe, expect, it } from '@jest/globals';
import { codeOf, MootError } from '../../src/core/errors.js';
import { type AddressProver, Proofs } from '../../src/registry/proofs.js';
import { serverEntry } from '../support/server-entries.js';
import { StepClock, settle } from '../support/step-clock.js';

const leaseMs = 15_000;

/** Proves what is not named `nobody`; keeps what it was asked, and how much of it at once. */
class CountingProver implements AddressProver {
  readonly asked: string[] = [];
  most = 0;
  private now = 0;

  async prove(id: string, address: string, _caller: string, signal: AbortSignal): Promise<void> {
    this.asked.push(`${id.slice(0, 4)} ${address}`);
    this.most = Math.max(this.most, ++this.now);
    if (address.startsWith('silent')) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await settle();
    this.now -= 1;
    if (!address.startsWith('there')) throw new MootError('unavailable', 'nobody answers');
  }
}

function begin() {
  const clock = new StepClock();
  const prover = new CountingProver();
  return { clock, prover, proofs: new Proofs(clock, prover, leaseMs) };
}

const codes = async (work: readonly Promise<void>[]): Promise<unknown[]> =>
  (await Promise.allSettled(work)).map((done) => (done.status === 'fulfilled' ? 'proved' : codeOf(done.reason)));

describe('proof by calling back', () => {
  it('dials an address once, for as long as its server renews; again when it moves, or its lease has ended', async () => {
    const { clock, prover, proofs } = begin();
    const entry = serverEntry({ addresses: ['there:1'] });
    for (let renewals = 0; renewals < 20; renewals += 1) {
      await proofs.require(entry, '192.0.2.1');
      clock.skip(leaseMs / 3);
    }
    expect(prover.asked.length).toBe(1);
    await proofs.require({ ...entry, addresses: ['there:2'] }, '192.0.2.1');
    expect(prover.asked.length).toBe(2);
    clock.skip(leaseMs + 1);
    await proofs.require({ ...entry, addresses: ['there:2'] }, '192.0.2.1');
    expect(prover.asked.length).toBe(3);
  });

  it('tells a server why it is not listed, and dials it no sooner than 5 s later', async () => {
    const { clock, prover, proofs } = begin();
    const entry = serverEntry({ addresses: ['nobody:1'] });
    for (let times = 0; times < 10; times += 1)
      await expect(proofs.require(entry, '192.0.2.1')).rejects.toMatchObject({
        code: 'denied',
        field: 'addresses',
        message: 'the registry could not reach you at nobody:1',
        hint: expect.stringContaining('--advertise HOST:PORT'),
      });
    expect(prover.asked.length).toBe(1);
    clock.skip(5001);
    await expect(proofs.require(entry, '192.0.2.1')).rejects.toThrow();
    expect(prover.asked.length).toBe(2);
  });

  it('lists none of 1,000 fakes, and dials for one host no more than some: it scans no ports', async () => {
    const { clock, prover, proofs } = begin();
    const fakes = Array.from({ length: 1000 }, (_, at) =>
      serverEntry({ id: `${at}`, addresses: [`nobody:${at + 1}`] }),
    );
    const answers = await codes(fakes.map((fake) => proofs.require(fake, '192.0.2.1')));
    expect(new Set(answers)).toEqual(new Set(['denied', 'full']));
    // Those that were under way when the first ones failed.
    expect(prover.asked.length).toBeLessThanOrEqual(8 + 16);
    const dialled = prover.asked.length;
    await proofs.require(serverEntry({ addresses: ['there:1'] }), '192.0.2.2');
    expect(prover.asked.length).toBe(dialled + 1);
    clock.skip(5000 * 30);
    await proofs.require(serverEntry({ addresses: ['there:2'] }), '192.0.2.1');
  });

  it('waits 2 s for an address and dials 16 at once: those that come meanwhile are served after them', async () => {
    const { clock, prover, proofs } = begin();
    const silent = Array.from({ length: 20 }, (_, at) => serverEntry({ id: `${at}`, addresses: [`silent${at}:1`] }));
    const work = codes([
      ...silent.map((entry, at) => proofs.require(entry, `192.0.2.${at}`)),
      proofs.require(serverEntry({ addresses: ['there:1'] }), '192.0.2.99'),
    ]);
    await clock.advance(2000);
    await clock.advance(2000);
    expect(await work).toEqual([...silent.map(() => 'denied'), 'proved']);
    expect(prover.most).toBe(16);
  });
});
