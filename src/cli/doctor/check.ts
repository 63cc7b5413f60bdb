/** What one check found; `hint` says what to do. */
export interface Check {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'FAIL';
  readonly detail: string;
  readonly hint?: string | undefined;
}
