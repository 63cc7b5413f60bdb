import { HealthService } from '../wire/gen/grpc/health/v1/health.js';
import { ServerReflectionService } from '../wire/gen/grpc/reflection/v1/reflection.js';
import type { Handlers } from './handler.js';
import { type Health, healthService } from './health.js';
import { OldReflectionService, reflectionServices } from './reflection.js';
import type { Service } from './requests.js';

const standard = [HealthService, ServerReflectionService, OldReflectionService];

/** `services`, and beside them those that every gRPC tool expects: health and reflection of them all. */
export function withStandard(services: readonly Service[], health: Health, on: Handlers): readonly Service[] {
  const own = services.map(([definition]) => nameOf(definition));
  const names = [...own, ...standard.map(nameOf)];
  return [...services, healthService(health, own, on), ...reflectionServices(names, on)];
}

function nameOf(definition: Service[0]): string {
  const path = Object.values(definition)[0]?.path ?? '';
  return path.slice(1, path.lastIndexOf('/'));
}
