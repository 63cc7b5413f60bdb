import { parseArgs } from 'node:util';

/** What `npm run soak` was asked for. */
export interface SoakFlags {
  readonly minutes: number;
  /** Articles a second, all communities together. */
  readonly rate: number;
  /** Of the first community; default: SQLite in its folder. */
  readonly store: string | undefined;
  readonly bus: string | undefined;
}

/** @throws Error naming what is wrong. */
export function parseSoakFlags(args: string[]): SoakFlags {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string', default: '20' },
      store: { type: 'string' },
      bus: { type: 'string' },
    },
  });
  const number = (name: 'minutes' | 'rate', least: number): number => {
    const value = Number(values[name]);
    if (!(value >= least)) throw new Error(`--${name} ${values[name]} is not a number from ${least} up`);
    return value;
  };
  return { minutes: number('minutes', 2), rate: number('rate', 1), store: values.store, bus: values.bus };
}
