import { isMootError } from '../../core/errors.js';
import { usage } from '../usage.js';

/**
 * Runs one of the parsers of the core on what was typed.
 * @param flag where it was typed; undefined where the parser's own field says so.
 * @param at the same as scripts name it.
 * @param hint what to try, where the parser does not say.
 * @throws UsageError with the parser's sentence, since what is typed wrong is bad usage.
 */
export function typed<T>(flag: string | undefined, parse: () => T, at = flag, hint?: string): T {
  try {
    return parse();
  } catch (error) {
    if (!isMootError(error) || error.code !== 'invalid') throw error;
    const field = at ?? error.field;
    const isSaid = flag === undefined || error.message.startsWith(flag);
    throw usage(field ?? 'arguments', isSaid ? error.message : `${flag}: ${error.message}`, error.hint ?? hint, error);
  }
}
