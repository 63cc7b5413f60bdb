import { formatAddress } from '../core/address.js';
import { systemClock } from '../core/clock.js';
import { defaultLimits } from '../core/server-limits.js';
import { Proofs } from '../registry/proofs.js';
import { Registry } from '../registry/registry.js';
import { GrpcProver } from '../rpc/grpc-prover.js';
import { Guard } from '../rpc/guard.js';
import { Handlers } from '../rpc/handler.js';
import { Health } from '../rpc/health.js';
import { registryService } from '../rpc/registry-service.js';
import { joinRules, registryRules, standardRules } from '../rpc/rules.js';
import { startGrpcServer } from '../rpc/server.js';
import { Sockets } from '../rpc/sockets.js';
import { withStandard } from '../rpc/with-standard.js';
import { requirePrivate } from './addresses.js';
import { allOrNothing, type Closing } from './closing.js';
import type { RegistryConfig, Running } from './config.js';
import { LiveCertificate } from './live-certificate.js';
import { bugLog, callLog, told } from './log.js';
import { openRegistryMonitor } from './monitoring.js';

/** Runs a registry until `stop`. @throws MootError when the address cannot be used; nothing is then left running. */
export async function startRegistry(config: RegistryConfig): Promise<Running> {
  requirePrivate(config.host, config.certificate !== undefined, config.insecure ?? false);
  return allOrNothing((closing) => start(config, closing));
}

async function start(config: RegistryConfig, closing: Closing): Promise<Running> {
  const { host, port, maxServers, leaseMs = 15_000, unproved = false, log } = config;
  const monitor = config.monitor && closing.owns(await openRegistryMonitor(config.monitor, systemClock));
  const certificate =
    config.certificate && closing.owns(await LiveCertificate.open(config.certificate, systemClock, log));
  const registry = new Registry(systemClock, {
    ...(maxServers === undefined ? {} : { maxServers }),
    leaseMs,
  });
  const limits = { ...defaultLimits, ...config.limits };
  const sockets = new Sockets(limits);
  const rules = joinRules(registryRules, standardRules);
  const trafficOf = (peer: string) => sockets.trafficOf(peer);
  const guard = new Guard(rules, {}, systemClock, limits, trafficOf, monitor?.calls.notLetIn);
  const onEnd = told(callLog(log), monitor?.calls.ended);
  const on = new Handlers({ admissions: guard.admissions, onBug: bugLog(log), onEnd });
  const health = new Health();
  const services = withStandard(
    [registryService(registry, on, unproved ? undefined : new Proofs(systemClock, new GrpcProver(), leaseMs))],
    health,
    on,
  );
  const server = await startGrpcServer({ host, port, guard, services, certificate, limits, sockets });
  closing.onClose(() => server.stop());
  closing.onClose(() => health.end());
  health.begin();
  monitor?.serves(registry, guard.admissions, sockets);
  monitor?.readiness.begin();
  // Last, so that whoever watches hears of the end before anything ends.
  closing.onClose(() => monitor?.readiness.end());
  return {
    address: formatAddress({ host: shown(host), port: server.port, fingerprint: certificate?.fingerprint }),
    monitor: monitor?.address,
    stop: () => closing.close(),
  };
}

function shown(host: string): string {
  return host === '127.0.0.1' ? 'localhost' : host;
}
