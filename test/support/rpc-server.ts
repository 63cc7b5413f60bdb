import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type Clock, systemClock } from '../../src/core/clock.js';
import { defaultLimits, type ServerLimits } from '../../src/core/server-limits.js';
import { type Acquaintances, Guard } from '../../src/rpc/guard.js';
import { Handlers } from '../../src/rpc/handler.js';
import type { CallContext } from '../../src/rpc/open-call.js';
import { type Service, service } from '../../src/rpc/requests.js';
import {
  communityRules,
  federationRules,
  joinRules,
  moderationRules,
  peerRules,
  type RuleTable,
  registryRules,
  standardRules,
} from '../../src/rpc/rules.js';
import { type GrpcServer, startGrpcServer } from '../../src/rpc/server.js';
import { Sockets } from '../../src/rpc/sockets.js';
import { type Channel, openChannel } from '../../src/wire/channels.js';
import { HealthService } from '../../src/wire/gen/grpc/health/v1/health.js';
import { ServerReflectionService } from '../../src/wire/gen/grpc/reflection/v1/reflection.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { FederationServiceService } from '../../src/wire/gen/moot/v1/federation.js';
import { ModerationServiceService } from '../../src/wire/gen/moot/v1/moderation.js';
import { PeerServiceService } from '../../src/wire/gen/moot/v1/peer.js';
import { RegistryServiceService } from '../../src/wire/gen/moot/v1/registry.js';

export type AnyMethod = MethodDefinition<unknown, unknown>;

const definitions: readonly ServiceDefinition[] = [
  CommunityServiceService,
  FederationServiceService,
  ModerationServiceService,
  PeerServiceService,
  RegistryServiceService,
  HealthService,
  ServerReflectionService,
];
export const everyRule: RuleTable = joinRules(
  communityRules,
  federationRules,
  moderationRules,
  peerRules,
  registryRules,
  standardRules,
);
export const everyMethod: readonly AnyMethod[] = definitions.flatMap((each) => Object.values(each) as AnyMethod[]);

export interface TestServer {
  readonly server: GrpcServer;
  readonly guard: Guard;
  readonly on: Handlers;
  readonly address: string;
  readonly bugs: unknown[];
  channel(): Channel;
  stop(): Promise<void>;
}

/** Counted as always, and never reached by what tests and measurements do. */
const roomy = { memberRate: 1e6, peerRate: 1e6, addressRate: 1e6, callerStreams: 1e6 };

/** A server on a free port, as the real ones are started. */
export async function serve(
  knows: Acquaintances,
  services: (on: Handlers) => readonly Service[],
  rules: RuleTable = everyRule,
  clock: Clock = systemClock,
  given: Partial<ServerLimits> = roomy,
): Promise<TestServer> {
  const limits = { ...defaultLimits, ...given };
  const sockets = new Sockets(limits);
  const guard = new Guard(rules, knows, clock, limits, (peer) => sockets.trafficOf(peer));
  const bugs: unknown[] = [];
  const on = new Handlers({
    admissions: guard.admissions,
    onBug: (error) => bugs.push(error),
    clock,
    hangUp: (peer) => sockets.destroy(peer),
  });
  const server = await startGrpcServer({ host: '127.0.0.1', port: 0, guard, services: services(on), sockets, limits });
  const address = `127.0.0.1:${server.port}`;
  const channels: Channel[] = [];
  return {
    server,
    guard,
    on,
    address,
    bugs,
    channel: () => {
      const channel = openChannel(address, { purpose: 'client' });
      channels.push(channel);
      return channel;
    },
    stop: async () => {
      for (const channel of channels) channel.close();
      await server.stop(500);
    },
  };
}

/** All our services, whose handlers answer an empty message and note who called; and how many requests were decoded. */
export function countingServices(on: Handlers, seen: { decoded: number; calls: CallContext[] }): readonly Service[] {
  return definitions.map((definition) => {
    const counting = Object.entries(definition).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer): unknown => {
        seen.decoded += 1;
        return method.requestDeserialize(bytes) as unknown;
      };
      return [name, { ...method, requestDeserialize }];
    });
    const answering = Object.entries(definition).map(([name, method]) => [name, answer(on, method as AnyMethod, seen)]);
    return service(
      Object.fromEntries(counting) as ServiceDefinition,
      Object.fromEntries(answering) as UntypedServiceImplementation,
    );
  });
}

export function emptyMessage(method: AnyMethod): unknown {
  return method.requestDeserialize(Buffer.alloc(0));
}

function answer(on: Handlers, method: AnyMethod, seen: { calls: CallContext[] }): unknown {
  const response = method.responseDeserialize(Buffer.alloc(0));
  if (method.requestStream)
    return on.bidi(async function* (requests, context) {
      seen.calls.push(context);
      for await (const _ of requests) yield response;
    });
  if (method.responseStream)
    return on.serverStream(async function* (_, context) {
      seen.calls.push(context);
      yield response;
    });
  return on.unary(async (_, context) => {
    seen.calls.push(context);
    return response;
  });
}

/** Makes a call of any kind and reads it to its end. @returns what was thrown, or undefined. */
export async function callAny(channel: Channel, method: AnyMethod, token?: string): Promise<unknown> {
  const options = { token, deadlineMs: 5000 };
  try {
    if (method.requestStream) {
      const call = channel.bidi(method, options);
      await call.send(emptyMessage(method)).catch(() => undefined);
      call.finish();
      for await (const _ of call);
    } else if (method.responseStream) {
      for await (const _ of channel.serverStream(method, emptyMessage(method), options));
    } else await channel.unary(method, emptyMessage(method), options);
    return undefined;
  } catch (error) {
    return error;
  }
}
