import { systemClock } from '../core/clock.js';
import { Registry } from '../registry/registry.js';
import { Guard } from '../rpc/guard.js';
import { Handlers } from '../rpc/handler.js';
import { Health } from '../rpc/health.js';
import { registryService } from '../rpc/registry-service.js';
import { joinRules, registryRules, standardRules } from '../rpc/rules.js';
import { startGrpcServer } from '../rpc/server.js';
import { withStandard } from '../rpc/with-standard.js';
import { requirePrivate } from './addresses.js';
import type { RegistryConfig, Running } from './config.js';
import { bugLog } from './log.js';

/** Runs a registry until `stop`. @throws MootError when the address cannot be used; nothing is then left running. */
export async function startRegistry(config: RegistryConfig): Promise<Running> {
  const { host, port, maxServers, leaseMs, insecure = false, log } = config;
  requirePrivate(host, insecure);
  const registry = new Registry(systemClock, {
    ...(maxServers === undefined ? {} : { maxServers }),
    ...(leaseMs === undefined ? {} : { leaseMs }),
  });
  const guard = new Guard(joinRules(registryRules, standardRules), {});
  const on = new Handlers({ admissions: guard.admissions, onBug: bugLog(log) });
  const health = new Health();
  const services = withStandard([registryService(registry, on)], health, on);
  const server = await startGrpcServer({ host, port, guard, services });
  health.begin();
  const stop = (): Promise<void> => {
    health.end();
    return server.stop();
  };
  return { address: `${shown(host)}:${server.port}`, stop };
}

function shown(host: string): string {
  return host === '127.0.0.1' ? 'localhost' : host;
}
