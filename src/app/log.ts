import type { Log } from './config.js';

/** Logs what was thrown and is no refusal: whoever called was told "internal error" and no more. */
export function bugLog(log: Log | undefined): (error: unknown, call: { path: string; requestId: string }) => void {
  return (error, call) => {
    const stack = error instanceof Error ? error.stack : String(error);
    log?.({ level: 'error', text: `a fault in ${call.path}`, ...call, stack });
  };
}
