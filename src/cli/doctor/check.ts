import { type ErrorCode, isMootError } from '../../core/errors.js';

/** What one check found; `hint` says what to do. */
export interface Check {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'FAIL';
  readonly detail: string;
  readonly hint?: string | undefined;
  /** Of the refusal that it ended in. `damaged` has an exit status of its own. */
  readonly code?: ErrorCode | undefined;
}

/** What `look` finds; a refusal is a check that failed. */
export function attempt(check: string, look: () => Check): Check {
  try {
    return look();
  } catch (error) {
    return failed(check, error);
  }
}

/** The same of what takes a while, and finds any number of things. @param ifDamaged what to try, where the refusal does not say. */
export async function* attemptAll<Found>(
  check: string,
  look: () => Promise<Found>,
  tell: (found: Found) => Iterable<Check>,
  ifDamaged?: string,
): AsyncGenerator<Check> {
  let found: Found;
  try {
    found = await look();
  } catch (error) {
    const fault = failed(check, error);
    yield fault.code === 'damaged' ? { ...fault, hint: fault.hint ?? ifDamaged } : fault;
    return;
  }
  yield* tell(found);
}

/** A refusal as a check; a bug is thrown on. */
export function failed(check: string, error: unknown): Check {
  if (!isMootError(error)) throw error;
  return { check, status: 'FAIL', detail: error.message, hint: error.hint, code: error.code };
}

/** That nobody but its owner may use `path`, whose permissions are `found`. */
export function checkMode(check: string, path: string, found: number, wanted: number, detail: string): Check {
  const mode = found & 0o777;
  if ((mode & ~wanted) === 0) return { check, status: 'ok', detail };
  const hint = `chmod ${wanted.toString(8)} ${path}`;
  return { check, status: 'FAIL', detail: `${path} is open to others (mode ${mode.toString(8)})`, hint };
}

export function ok(check: string, detail: string): Check {
  return { check, status: 'ok', detail };
}
