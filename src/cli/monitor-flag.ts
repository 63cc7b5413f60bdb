import type { Command } from 'commander';
import type { MonitorConfig } from '../app/config.js';
import { parseAddress, parsePort } from '../core/address.js';
import { typed } from './parse/refused.js';
import type { Session } from './session.js';

export interface MonitorFlags {
  readonly metrics?: string;
}

export function addMonitorFlag(command: Command): Command {
  return command.option(
    '--metrics <port>',
    'be watched there: /metrics for Prometheus, /livez, /readyz; on 127.0.0.1, unless it is HOST:PORT; 0 is a free one',
  );
}

/** @throws UsageError naming the flag. */
export function monitorOf({ version }: Session, { metrics }: MonitorFlags): MonitorConfig | undefined {
  if (metrics === undefined) return undefined;
  const isPort = /^\d*$/.test(metrics);
  const { host, port } = typed('--metrics', () =>
    isPort ? { host: '127.0.0.1', port: parsePort(metrics, '--metrics') } : parseAddress(metrics, '--metrics'),
  );
  return { host, port, version };
}

interface Watched {
  readonly monitor?: string | undefined;
}

/** What the ready line of --json says of it: nothing where it is not watched. */
export function saidOf({ monitor }: Watched): { readonly metrics?: string } {
  return monitor === undefined ? {} : { metrics: `${monitor}/metrics` };
}

export function linesOf({ monitor }: Watched): string {
  return monitor === undefined ? '' : `watched at ${monitor}/metrics, /livez and /readyz\n`;
}
