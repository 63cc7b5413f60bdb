import type { Check } from '../doctor/check.js';
import { checkHome } from '../doctor/home.js';
import { checkNetwork } from '../doctor/network.js';
import { exit } from '../failure.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

export const doctorVerb: Verb = (program, runner) => {
  program
    .command('doctor')
    .description('check Node, the home folder, the registries and the servers, and say what to do; it changes nothing')
    .addHelpText('after', examples('moot doctor', 'moot doctor --json'))
    .action(
      runner(async (session) => {
        for await (const check of checkHome(session.settings)) await tell(session, check);
        for await (const check of checkNetwork(session.settings)) await tell(session, check);
      }),
    );
};

async function tell(session: Session, { check, status, detail, hint }: Check): Promise<void> {
  if (status === 'FAIL') session.status = exit.failed;
  await session.give({ check, status, detail, hint: hint ?? null });
  const next = hint === undefined ? '' : `; try: ${oneLine(hint)}`;
  await session.say(`${status.padEnd(7)}  ${check}: ${oneLine(detail)}${next}\n`);
}
