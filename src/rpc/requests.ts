import type { ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { invalid } from '../core/errors.js';

/** Stands for a message whose bytes are none. */
class Unreadable {}

/** @throws MootError `invalid` when the bytes that came were no message of this kind. */
export function readRequest<Request>(request: Request): Request {
  if (request instanceof Unreadable) throw invalid('request', 'the request cannot be read as the message it should be');
  return request;
}

/** A message that was encoded before, for all who get it. */
export class Encoded<Message> {
  /** Never there: it says of what kind the message is. */
  declare readonly message: Message;

  constructor(readonly bytes: Buffer) {}
}

export type Service = readonly [ServiceDefinition, UntypedServiceImplementation];

/**
 * A service whose unreadable requests reach `readRequest` (grpc-js alone would answer INTERNAL, as if it were our fault), and
 * whose answers may be `Encoded`.
 */
export function service<Implementation extends UntypedServiceImplementation>(
  definition: ServiceDefinition<Implementation> | ServiceDefinition,
  implementation: Implementation,
): Service {
  const methods = Object.entries(definition as ServiceDefinition).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes) as unknown;
      } catch {
        return new Unreadable();
      }
    };
    const responseSerialize = (response: unknown): Buffer =>
      response instanceof Encoded ? response.bytes : method.responseSerialize(response);
    return [name, { ...method, requestDeserialize, responseSerialize }];
  });
  return [Object.fromEntries(methods) as ServiceDefinition, implementation];
}

type Incoming<Request> = ServerDuplexStream<Request, unknown>;

/**
 * The messages that a client streams; one at a time is taken from it. Ends when the client has finished.
 * @throws MootError the reason of `signal`; `invalid` for a message that cannot be read.
 */
export async function* requestsOf<Request>(call: Incoming<Request>, signal: AbortSignal): AsyncGenerator<Request> {
  let wake = (): void => undefined;
  const poke = (): void => wake();
  call.on('readable', poke).on('end', poke);
  signal.addEventListener('abort', poke, { once: true });
  try {
    for (;;) {
      if (signal.aborted) throw signal.reason;
      const request = call.read() as Request | null;
      if (request !== null) yield readRequest(request);
      else if (call.readableEnded) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    call.off('readable', poke).off('end', poke);
    signal.removeEventListener('abort', poke);
  }
}
