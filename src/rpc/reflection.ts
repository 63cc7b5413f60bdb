import { status } from '@grpc/grpc-js';
import type { Descriptors } from '../wire/descriptors.js';
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  type ServerReflectionServer,
  ServerReflectionService,
} from '../wire/gen/grpc/reflection/v1/reflection.js';
import type { Handlers } from './handler.js';
import { type Service, service } from './requests.js';

/** The same service under the name that older tools ask for. */
export const OldReflectionService = {
  serverReflectionInfo: {
    ...ServerReflectionService.serverReflectionInfo,
    path: '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
  },
} as const;

type Answer = NonNullable<ServerReflectionResponse['messageResponse']>;

/** `grpc.reflection`, v1 and v1alpha, for services with these names. What is not there is an answer too: the stream goes on. */
export function reflectionServices(names: readonly string[], on: Handlers): readonly Service[] {
  let loading: Promise<Descriptors> | undefined;
  const implementation: ServerReflectionServer = {
    serverReflectionInfo: on.bidi(
      async function* (requests) {
        loading ??= load();
        const descriptors = await loading;
        for await (const request of requests) {
          const messageResponse = answer(request, names, descriptors);
          yield { validHost: request.host, originalRequest: request, messageResponse };
        }
      },
      { mostMs: 60_000 },
    ),
  };
  return [ServerReflectionService, OldReflectionService].map((definition) => service(definition, implementation));
}

/** Only when somebody asks: a server that nobody asks starts sooner without it. */
async function load(): Promise<Descriptors> {
  const loaded = await import('../wire/descriptors.js');
  return new loaded.Descriptors();
}

function answer(
  { messageRequest: asked }: ServerReflectionRequest,
  names: readonly string[],
  known: Descriptors,
): Answer {
  switch (asked?.$case) {
    case 'listServices':
      return { $case: 'listServicesResponse', value: { service: names.map((name) => ({ name })) } };
    case 'fileByFilename':
      return files(known.fileNamed(asked.value));
    case 'fileContainingSymbol':
      return files(known.fileWith(asked.value));
    case 'allExtensionNumbersOfType': {
      // None of our messages has any.
      const value = { baseTypeName: asked.value, extensionNumber: [] };
      return known.hasMessage(asked.value) ? { $case: 'allExtensionNumbersResponse', value } : files(undefined);
    }
    case 'fileContainingExtension':
      return files(undefined);
    default:
      return failure(status.INVALID_ARGUMENT, 'the request asks nothing that is known here');
  }
}

function files(fileDescriptorProto: Buffer[] | undefined): Answer {
  if (!fileDescriptorProto) return failure(status.NOT_FOUND, 'there is no such thing here');
  return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function failure(errorCode: status, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}
