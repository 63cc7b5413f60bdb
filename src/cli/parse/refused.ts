import { isMootError } from '../../core/errors.js';
import { usage } from '../usage.js';

/**
 * Runs one of the parsers of the core on what was typed.
 * @throws UsageError with the parser's sentence, since what is typed wrong is bad usage.
 */
export function typed<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!isMootError(error) || error.code !== 'invalid') throw error;
    throw usage(error.message.startsWith(flag) ? error.message : `${flag}: ${error.message}`, error.hint, error);
  }
}
