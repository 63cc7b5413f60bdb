import { MootError } from '../../core/errors.js';
import type { Check } from '../doctor/check.js';
import { checkHome } from '../doctor/home.js';
import { checkNetwork } from '../doctor/network.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { checkSpace } from '../doctor/space.js';
import { exit } from '../failure.js';
import { typed } from '../parse/refused.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly data?: string;
  readonly store?: string;
  readonly identity?: string;
}

export const doctorVerb: Verb = (program, runner) => {
  program
    .command('doctor')
    .description(
      'check Node, the home folder, the network and your memberships, and say what to do; it changes nothing',
    )
    .option('--data <folder>', "check a community's data folder instead, whether its server runs or not")
    .option('--store <store>', 'with --data: as its server has it')
    .option('--identity <file>', 'with --data: as its server has it')
    .addHelpText(
      'after',
      examples(
        'moot doctor',
        'moot doctor --data .moot/Server50052',
        'moot doctor --data .moot/Hamlet --store postgres://moot@localhost/moot',
        'moot doctor --json',
      ),
    )
    .action(
      runner<Flags>(async (session, { data, ...flags }) => {
        for (const flag of ['store', 'identity'] as const)
          if (data === undefined && flags[flag] !== undefined)
            throw usage(
              `--${flag}`,
              `--${flag} goes with --data`,
              'moot doctor --data .moot/NAME --store postgres://…',
            );
        for await (const check of data === undefined ? ofPerson(session) : ofCommunity(data, flags)) {
          if (session.signal.aborted) throw new MootError('cancelled', 'interrupted');
          await tell(session, check);
        }
      }),
    );
};

async function* ofPerson({ settings }: Session): AsyncGenerator<Check> {
  yield* checkHome(settings);
  yield* checkNetwork(settings);
}

async function* ofCommunity(data: string, { store, identity }: Flags): AsyncGenerator<Check> {
  await readableFolder(data);
  const { lookAtData, lookAtPostgres, placeOfStore } = await import('../../app/look-at-data.js');
  const { checkFile, checkFolder } = await import('../doctor/data.js');
  const place = store === undefined ? { file: undefined } : typed('--store', () => placeOfStore(store));
  if (!place) throw usage('--store', 'what is in memory cannot be seen from outside', 'postgres://… or sqlite:FILE');
  const folder = lookAtData(data);
  yield* checkSpace(data);
  const key = yield* checkFolder(folder, identity);
  if ('file' in place) return yield* checkFile(() => folder.database(place.file), key?.id);
  const { checkPostgres } = await import('../doctor/postgres.js');
  yield* checkPostgres(() => lookAtPostgres(place.url), key, Date.now);
}

async function tell(session: Session, { check, status, detail, hint, code }: Check): Promise<void> {
  if (status === 'FAIL' && session.status !== exit.damaged)
    session.status = code === 'damaged' ? exit.damaged : exit.failed;
  await session.give({ check, status, detail, hint: hint ?? null });
  const next = hint === undefined ? '' : `try: ${oneLine(hint)}\n`;
  await session.say(`${status.padEnd(7)}  ${check}: ${oneLine(detail)}\n${next}`);
}
