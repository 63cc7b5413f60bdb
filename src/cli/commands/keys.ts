import { parseAddress } from '../../core/address.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly data?: string;
  readonly rotate?: boolean;
  readonly store?: string;
  readonly identity?: string;
}

interface Keys {
  readonly id: string;
  readonly name: string | null;
  /** HOST:PORT, or HOST:PORT#FINGERPRINT. */
  readonly address: string | null;
  readonly publicKey: Uint8Array;
  readonly rotations: number;
}

export const keysVerb: Verb = (program, runner) => {
  program
    .command('keys')
    .description(
      'show by what a community is known: its id, its public key, and the fingerprint of its certificate; or give it a new key',
    )
    .argument('[server]', 'a name, the start of an id, or HOST:PORT')
    .option('--data <folder>', 'of the community in this data folder, whether its server runs or not')
    .option('--rotate', 'give it a new key, which the old one vouches for; no server of it may run, and its id stays')
    .option('--store <store>', 'with --rotate: as its server has it')
    .option('--identity <file>', 'with --rotate: as its server has it')
    .addHelpText(
      'after',
      examples(
        'moot keys Hamlet',
        'moot keys --data .moot/Hamlet',
        'moot keys Hamlet --json',
        'moot keys --data .moot/Hamlet --rotate',
      ),
    )
    .action(
      runner<Flags>(async (session, flags, server) => {
        const { data, rotate = false } = flags;
        session.doing = `cannot ${rotate ? 'rotate the key' : 'show the keys'} of ${server ?? data ?? 'a community'}`;
        if (rotate) return await rotateKey(session, flags);
        for (const flag of ['store', 'identity'] as const)
          if (flags[flag] !== undefined) throw usage(`--${flag}`, `--${flag} goes with --rotate`);
        if ((server === undefined) === (data === undefined))
          throw usage('SERVER', 'one of SERVER and --data is needed', 'moot keys Hamlet');
        await show(session, data === undefined ? await ofServer(session, server ?? '') : await ofFolder(data));
      }),
    );
};

async function rotateKey(session: Session, { data, store, identity }: Flags): Promise<void> {
  if (data === undefined)
    throw usage('--data', '--rotate needs the data folder', 'moot keys --data .moot/Hamlet --rotate');
  await readableFolder(data);
  const { rotateIdentity } = await import('../../app/rotate-identity.js');
  await rotateIdentity({ dir: data, store, identityFile: identity });
  await show(session, await ofFolder(data, identity));
  const first = identity === undefined ? '' : `copy ${oneLine(identity)} to each machine of a replica, then `;
  await session.note(`the key is replaced; ${first}start the server, and whoever it is linked to follows by itself\n`);
}

async function ofServer(session: Session, server: string): Promise<Keys> {
  const { signal } = session;
  return (await (await session.moot()).community(server, { signal })).describe({ signal });
}

async function ofFolder(data: string, identityFile?: string): Promise<Keys> {
  await readableFolder(data);
  const { lookAtData } = await import('../../app/look-at-data.js');
  const { id, publicKey, rotations } = lookAtData(data).identity(identityFile);
  return { id, publicKey, rotations, name: null, address: null };
}

async function show(session: Session, { id, name, address, publicKey, rotations }: Keys): Promise<void> {
  const fingerprint = address === null ? undefined : parseAddress(address).fingerprint;
  const key = Buffer.from(publicKey).toString('hex');
  await session.give({ id, name, address, publicKey: key, rotations, fingerprint: fingerprint ?? null });
  const certificate = fingerprint ?? (address === null ? undefined : 'none: it speaks plaintext');
  const facts = [
    ['name', name === null ? undefined : oneLine(name)],
    ['id', id],
    ['public key', key],
    ['rotations', String(rotations)],
    ['address', address ?? undefined],
    ['certificate', certificate],
  ] as const;
  await session.say(facts.map(([what, is]) => (is === undefined ? '' : `${what.padEnd(12)} ${is}\n`)).join(''));
}
