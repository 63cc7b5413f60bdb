import { MootError } from '../core/errors.js';
import {
  type HealthServer,
  HealthService,
  HealthCheckResponse_ServingStatus as Serving,
} from '../wire/gen/grpc/health/v1/health.js';
import type { Handlers } from './handler.js';
import { type Service, service } from './requests.js';

/** Whether a server takes calls. It does not until `begin`, and no longer after `end`. */
export class Health {
  private isServing = false;
  private readonly waiting = new Set<() => void>();

  begin(): void {
    this.set(true);
  }

  /** Once the registries no longer list the server: who watches hears it before the streams end. */
  end(): void {
    this.set(false);
  }

  get status(): Serving {
    return this.isServing ? Serving.SERVING : Serving.NOT_SERVING;
  }

  /** Resolves at the next change, or when nobody waits for it any more. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  private set(isServing: boolean): void {
    this.isServing = isServing;
    for (const wake of [...this.waiting]) wake();
  }
}

/** `grpc.health.v1` for the server as a whole and for each of the services with these names, which come and go together. */
export function healthService(health: Health, names: readonly string[], on: Handlers): Service {
  const known = new Set(['', ...names]);
  const implementation: HealthServer = {
    check: on.unary(async ({ service: name }) => {
      if (!known.has(name)) throw new MootError('not_found', 'there is no such service here', { field: 'service' });
      return { status: health.status };
    }),
    list: on.unary(async () => {
      return { statuses: Object.fromEntries([...known].map((name) => [name, { status: health.status }])) };
    }),
    watch: on.serverStream(
      async function* ({ service: name }, { signal }) {
        let told: Serving | undefined;
        while (!signal.aborted) {
          const change = health.changed(signal);
          const status = known.has(name) ? health.status : Serving.SERVICE_UNKNOWN;
          if (status !== told) yield { status };
          told = status;
          await change;
        }
      },
      { mostMs: Number.POSITIVE_INFINITY },
    ),
  };
  return service(HealthService, implementation);
}
