import type { Hop } from '../../client/index.js';
import { hopLine } from '../render/json-lines.js';
import { oneLine } from '../render/plain.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly on: string;
}

export const traceVerb: Verb = (program, runner) => {
  program
    .command('trace')
    .description('show the way an article took, from its community to another one')
    .argument('<id>', 'the whole id of the article')
    .requiredOption('--on <server>', 'the community where it arrived: a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot trace ID --on Hamlet', 'moot trace ID --on Hamlet --json'))
    .action(
      runner<Flags>(async (session, { on }, id = '') => {
        session.doing = `cannot trace ${id}`;
        const { signal } = session;
        const community = await (await session.moot()).community(on, { signal });
        const hops = await community.trace(id, { signal });
        await session.give(hopLine(hops));
        await session.say(wayText(hops));
      }),
    );
};

/** From the origin on, as the article went. */
function wayText(hops: readonly Hop[]): string {
  const steps = [...hops].reverse().map(({ id, name, receivedAtMs, reason }, at) => {
    const who = oneLine(name) || `${id.slice(0, 12)}…`;
    const verb = at === 0 && reason === '' ? 'published' : 'received';
    const when = receivedAtMs === undefined ? '' : `, ${verb} ${localTime(receivedAtMs)}`;
    return `${at === 0 ? '  ' : '→ '}${who}${when}${reason === '' ? '' : ` — ${oneLine(reason)}`}\n`;
  });
  return steps.join('');
}
