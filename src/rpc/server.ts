import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import { bindError } from '../core/bind-error.js';
import { type Clock, sleep, systemClock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { limits } from '../core/limits.js';
import { defaultLimits, type ServerLimits } from '../core/server-limits.js';
import type { Guard } from './guard.js';
import type { Service } from './requests.js';
import { SecureDoor, type ServedCertificate } from './secure-door.js';
import { Sockets } from './sockets.js';

export interface GrpcServerConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly guard: Guard;
  readonly services: readonly Service[];
  /** None: plaintext. */
  readonly certificate?: ServedCertificate | undefined;
  /** Streams that one connection may have open at once; default 128. */
  readonly maxStreams?: number | undefined;
  /** The connections of the server, for who must cut one. */
  readonly sockets?: Sockets | undefined;
  /** How long a connection may be idle, and how old it gets. Default: as `defaultLimits` says. */
  readonly limits?: Pick<ServerLimits, 'idleMs' | 'ageMs'> | undefined;
  readonly clock?: Clock | undefined;
}

export interface GrpcServer {
  readonly host: string;
  readonly port: number;
  /**
   * Takes no new connections and calls, asks streams to end with UNAVAILABLE, lets calls finish for `graceMs`, then closes
   * what is left. Never takes longer than that, whatever the clients do.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Sources: RELIABILITY of the network, "grpc-js: settings and traps". */
const options: ServerOptions = {
  'grpc.max_receive_message_length': limits.messageBytes,
  'grpc.max_connection_age_grace_ms': 30_000,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/**
 * Serves `services` behind `guard`.
 * @throws MootError `already_exists` when the port is in use, `denied` when it is not ours to take, `invalid` for a host or
 * port that does not exist; each names its field.
 */
export async function startGrpcServer(config: GrpcServerConfig): Promise<GrpcServer> {
  const { host, guard, services, clock = systemClock, limits: lasting = defaultLimits } = config;
  const server = new Server({
    ...options,
    'grpc.max_connection_idle_ms': lasting.idleMs,
    'grpc.max_connection_age_ms': lasting.ageMs,
    'grpc.max_concurrent_streams': config.maxStreams ?? 128,
    interceptors: [guard.interceptor],
  });
  for (const [definition, implementation] of services) server.addService(definition, implementation);
  // The sockets are ours, not the library's: nothing public in grpc-js ends a stream whose client does not read.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const { sockets = new Sockets() } = config;
  // So is TLS: the library cannot renew a certificate while it serves, nor tell who speaks plaintext to it.
  const inject = (socket: Socket): void => injector.injectConnection(socket);
  const secure = config.certificate && new SecureDoor(config.certificate, inject);
  const door = createServer({ noDelay: true }, (socket) => {
    if (!sockets.add(socket)) return;
    if (secure) secure.take(socket);
    else inject(socket);
  });
  const port = await listen(door, host, config.port).catch((error: unknown) => {
    server.forceShutdown();
    throw error;
  });
  let stopping: Promise<void> | undefined;
  const stop = async (graceMs: number): Promise<void> => {
    const closed = new Promise<void>((resolve) => door.close(() => resolve()));
    guard.admissions.windStreams(new MootError('unavailable', 'the server is stopping'));
    const over = new AbortController();
    server.tryShutdown(() => over.abort());
    await sleep(clock, graceMs, over.signal);
    server.forceShutdown();
    sockets.destroyAll();
    await closed;
  };
  return {
    host,
    port,
    stop: (graceMs = 5_000) => {
      stopping ??= stop(graceMs);
      return stopping;
    },
  };
}

/**
 * Takes a port and gives it back, so that what cannot be served leaves nothing behind.
 * @throws MootError as `startGrpcServer` does.
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const door = createServer();
  await listen(door, host, port);
  await new Promise((resolve) => door.close(resolve));
}

function listen(door: NetServer, host: string, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return Promise.reject(invalid('port', `port ${port} is not a port (0 to 65535)`));
  return new Promise((resolve, reject) => {
    door.once('error', (error) => reject(bindError(error, host, port)));
    door.listen({ host, port }, () => {
      door.on('error', () => undefined);
      resolve((door.address() as AddressInfo).port);
    });
  });
}
