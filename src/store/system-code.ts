/**
 * The code by which the system or SQLite names an error: `ENOENT`, `SQLITE_BUSY`; '' for anything else. Errors of native
 * code may come from outside this realm, where `instanceof` does not know them.
 */
export function systemCode(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
