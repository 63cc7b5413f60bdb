import pc from 'picocolors';
import type { Io } from '../io.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours for what goes to `output`: only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb. */
export function coloursFor(output: { readonly isTTY: boolean }, env: Io['env']): Colours {
  return pc.createColors(output.isTTY && !env.NO_COLOR && env.TERM !== 'dumb');
}
