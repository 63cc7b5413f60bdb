import type { Observer } from '../community/observer.js';
import type { Clock } from '../core/clock.js';
import type { Registry } from '../registry/registry.js';
import type { Admissions } from '../rpc/admissions.js';
import type { Sockets } from '../rpc/sockets.js';
import type { RequestEnd } from '../web/gateway.js';
import type { MonitorConfig } from './config.js';
import type { CallMeters } from './monitor/call-meters.js';
import type { Readiness } from './monitor/readiness.js';
import type { ServerParts } from './monitor/server-meters.js';
import type { Registered } from './registering.js';

/** Those who look after a program ask this of it. What makes the figures is loaded when they are wanted. */
interface Watched {
  readonly address: string;
  readonly readiness: Readiness;
  readonly calls: CallMeters;
  close(): Promise<void>;
}

export interface ServerMonitor extends Watched {
  readonly observer: Observer;
  /** An article was left out of an answer because its row is damaged. */
  damaged(): void;
  /** It is ready, and what it is made of can be asked. */
  serves(parts: ServerParts & { readonly registration: Registered }): void;
}

export interface RegistryMonitor extends Watched {
  serves(registry: Registry, admissions: Admissions, sockets: Sockets): void;
}

/** Watches a community. @throws MootError when the port cannot be had. */
export async function openMonitor(config: MonitorConfig, clock: Clock): Promise<ServerMonitor> {
  const { watched, meters } = await open(config, clock);
  const { meterRegistration, meterServer, observerOf } = await import('./monitor/server-meters.js');
  const damaged = meters.counter('damaged_articles', 'Articles that an answer left out because their row is damaged');
  return {
    ...watched,
    observer: observerOf(meters, clock),
    damaged: () => damaged.inc(),
    serves: ({ registration, ...parts }) => {
      meterServer(meters, parts);
      meterRegistration(meters, () => registration.standing());
      watched.readiness.needs('the store', () => parts.store.articles.end());
      watched.readiness.begin();
    },
  };
}

/** Watches a registry. @throws as `openMonitor` does. */
export async function openRegistryMonitor(config: MonitorConfig, clock: Clock): Promise<RegistryMonitor> {
  const { watched, meters } = await open(config, clock);
  return {
    ...watched,
    serves: (registry, admissions, sockets) => {
      watched.calls.watch(admissions, sockets);
      meters.gauge('registry_servers', 'Servers that are listed', () => registry.listed);
      meters.gauge('registry_watchers', 'Those who are told of each change', () => registry.watching);
    },
  };
}

export interface WebMonitor extends Omit<Watched, 'calls'> {
  ended(end: RequestEnd): void;
}

/** Watches a gateway. @throws as `openMonitor` does. */
export async function openWebMonitor(config: MonitorConfig, clock: Clock): Promise<WebMonitor> {
  const { Monitor } = await import('./monitor/monitor.js');
  const monitor = await Monitor.open(config, clock);
  const { address, meters, readiness } = monitor;
  const labels = ['method', 'route', 'status'] as const;
  const requests = meters.counter('web_requests', 'Requests of browsers, by route and how they ended', labels);
  const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
  const took = meters.histogram('web_request_duration_seconds', 'How long one took, streams among them', buckets);
  return {
    address,
    readiness,
    close: () => monitor.close(),
    ended: ({ method, route, status, tookMs }) => {
      requests.inc({ method, route, status: String(status) });
      took.observe(tookMs / 1000);
    },
  };
}

async function open(config: MonitorConfig, clock: Clock) {
  const [{ Monitor }, { CallMeters }] = await Promise.all([
    import('./monitor/monitor.js'),
    import('./monitor/call-meters.js'),
  ]);
  const monitor = await Monitor.open(config, clock);
  const { address, meters, readiness } = monitor;
  const watched: Watched = { address, readiness, calls: new CallMeters(meters), close: () => monitor.close() };
  return { watched, meters };
}
