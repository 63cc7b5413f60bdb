import { connect } from '../client/index.js';
import { isLoopback } from '../core/address.js';
import { systemClock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { type RequestEnd, startGateway } from '../web/gateway.js';
import { allOrNothing, type Closing } from './closing.js';
import type { RunningWeb, WebConfig } from './config.js';
import { openWebMonitor } from './monitoring.js';

/**
 * Shows the network to browsers until `stop`. Its address is that of the page: http://localhost:8080.
 * @throws MootError naming what is wrong with the configuration or the address; nothing is then left running.
 */
export async function startWeb(config: WebConfig): Promise<RunningWeb> {
  const { host, origins = [], insecure } = config;
  for (const origin of origins) requireOrigin(origin);
  const isBehindTls = origins.length > 0 && origins.every((origin) => origin.startsWith('https:'));
  if (!isLoopback(host) && !isBehindTls && !insecure)
    throw new MootError('denied', `${host} is reached from other machines, and this gateway speaks plaintext`, {
      field: 'host',
      hint: 'a proxy that speaks TLS before it, and --origin https://NAME; --insecure where the network is your own',
    });
  return allOrNothing((closing) => start(config, closing));
}

async function start(config: WebConfig, closing: Closing): Promise<RunningWeb> {
  const { host, port, origins = [], only, version, insecure, registries, timeoutMs, ca, log } = config;
  const monitor = config.monitor && closing.owns(await openWebMonitor(config.monitor, systemClock));
  const tls = ca === undefined ? undefined : { ca };
  // Without a home: it has no memberships, and finds no operator's token.
  const moot = closing.owns(await connect({ registry: registries, insecure, timeoutMs, tls }));
  const onEnd = monitor && ((end: RequestEnd) => monitor.ended(end));
  const gateway = await startGateway({ moot, host, port, version, origins, only, onBug: bug(log), onEnd });
  closing.onClose(() => gateway.stop());
  monitor?.readiness.begin();
  // Last, so that whoever watches hears of the end before anything ends.
  closing.onClose(() => monitor?.readiness.end());
  const { port: taken, hasPage } = gateway;
  return {
    address: origins[0] ?? `http://${isLoopback(host) ? 'localhost' : host}:${taken}`,
    hasPage,
    monitor: monitor?.address,
    stop: () => closing.close(),
  };
}

function requireOrigin(origin: string): void {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin || !/^https?:/.test(origin))
    throw invalid('origin', `origin "${origin}" is not an origin`, 'write it as https://moot.example, without a path');
}

function bug(log: WebConfig['log']): (error: unknown) => void {
  return (error) =>
    log?.({
      level: 'error',
      text: 'a fault in the gateway',
      stack: error instanceof Error ? error.stack : String(error),
    });
}
