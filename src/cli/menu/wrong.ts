import { isMootError } from '../../core/errors.js';
import { UsageError } from '../usage.js';

/** What `parse` says is wrong with an answer; undefined when nothing is. */
export function wrongBy(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!isMootError(error) && !(error instanceof UsageError)) throw error;
    return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  }
}
