import { codeOf, MootError } from '../../core/errors.js';
import { fromId } from '../../core/ids.js';
import { moderationOf } from '../moderation-of.js';
import { typed } from '../parse/refused.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly reason?: string;
}

export const retractVerb: Verb = (program, runner) => {
  program
    .command('retract')
    .description('take an article back: your own, or any of the community as its moderator or operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<id>', 'the id of the article, all 52 characters')
    .option('--reason <text>', 'why, for everyone to read')
    .addHelpText(
      'after',
      examples("moot retract Server50052 eu4kl57qg80bo632vv3g0q22ihiloj51vmc6nhjqnj8156k92p2g --reason 'said twice'"),
    )
    .action(
      runner<Flags>(async (session, { reason }, server = '', id = '') => {
        typed('ID', () => fromId(id, 'ID'));
        session.doing = `cannot retract in ${server}`;
        const { id: retraction, seq, duplicate, name } = await retracted(session, server, id, reason);
        await session.give({ id: retraction, seq: String(seq) });
        await session.say(duplicate ? `taken back before: ${id} in ${name}\n` : `taken back: ${id} in ${name}\n`);
      }),
    );
};

interface Retracted {
  readonly id: string;
  readonly seq: number;
  readonly duplicate: boolean;
  readonly name: string;
}

/** As the member who published it; where that is not ours to do, as its operator, if the token is here, or as a moderator. */
async function retracted(session: Session, server: string, id: string, reason: string | undefined): Promise<Retracted> {
  const { signal } = session;
  const community = await (await session.moot()).community(server, { signal });
  try {
    return { ...(await community.retract(id, { reason, signal })), name: community.name };
  } catch (refused) {
    if (!['denied', 'unauthenticated'].includes(codeOf(refused))) throw refused;
    const moderation = await moderationOf(session, server).catch((error: unknown) => {
      if (codeOf(error) !== 'unauthenticated') throw error;
      throw refused instanceof MootError ? refused : error;
    });
    const retraction = await moderation.retract(id, { reason, signal }).catch((error: unknown) => {
      throw ['denied', 'unauthenticated'].includes(codeOf(error)) ? refused : error;
    });
    return { ...retraction, name: moderation.name };
  }
}
