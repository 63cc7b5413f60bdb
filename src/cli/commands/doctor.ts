import { MootError } from '../../core/errors.js';
import type { Check } from '../doctor/check.js';
import { checkHome } from '../doctor/home.js';
import { checkNetwork } from '../doctor/network.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { checkSpace } from '../doctor/space.js';
import { exit } from '../failure.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly data?: string;
}

export const doctorVerb: Verb = (program, runner) => {
  program
    .command('doctor')
    .description(
      'check Node, the home folder, the network and your memberships, and say what to do; it changes nothing',
    )
    .option('--data <folder>', "check a community's data folder instead, whether its server runs or not")
    .addHelpText('after', examples('moot doctor', 'moot doctor --data .moot/Server50052', 'moot doctor --json'))
    .action(
      runner<Flags>(async (session, { data }) => {
        for await (const check of data === undefined ? ofPerson(session) : ofFolder(data)) {
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

async function* ofFolder(data: string): AsyncGenerator<Check> {
  await readableFolder(data);
  const { lookAtData } = await import('../../app/look-at-data.js');
  const { checkData } = await import('../doctor/data.js');
  yield* checkSpace(data);
  yield* checkData(lookAtData(data));
}

async function tell(session: Session, { check, status, detail, hint, code }: Check): Promise<void> {
  if (status === 'FAIL' && session.status !== exit.damaged)
    session.status = code === 'damaged' ? exit.damaged : exit.failed;
  await session.give({ check, status, detail, hint: hint ?? null });
  const next = hint === undefined ? '' : `try: ${oneLine(hint)}\n`;
  await session.say(`${status.padEnd(7)}  ${check}: ${oneLine(detail)}\n${next}`);
}
