import { spawnSync } from 'node:child_process';
import { itWhere } from './abilities.js';

const python = '/usr/bin/python3';

/** Figures are read by the parser of Prometheus' own client for Python. */
export const itWithParser = itWhere(
  'figures are read by python3-prometheus-client',
  python,
  '-c',
  'import prometheus_client',
);

export interface Family {
  /** That of a counter without its `_total`. */
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

/** @throws Error with what the parser says. */
export function parseFigures(text: string): readonly Family[] {
  const { status, stdout, stderr } = spawnSync(python, ['test/support/metrics.py'], { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Family[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export async function read(address: string): Promise<HttpAnswer> {
  const answer = await fetch(address);
  return { status: answer.status, text: await answer.text() };
}

/** The figures of a program that runs, and its value of one of them under these labels. */
export async function figuresOf(metrics: string): Promise<{
  readonly families: readonly Family[];
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}> {
  const families = parseFigures((await read(metrics)).text);
  const samples = families.flatMap((family) => family.samples);
  return {
    families,
    value: (name, labels = {}) =>
      samples.find((one) => one.name === name && Object.entries(labels).every(([key, is]) => one.labels[key] === is))
        ?.value,
  };
}
