import type { ServiceDefinition } from '@grpc/grpc-js';

const pass = (bytes: Buffer): Buffer => bytes;

/** A service that hands bytes back, with nothing to encode or decode. */
export const echo = {
  echo: {
    path: '/bench.Echo/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  },
} satisfies ServiceDefinition;
