import { once } from 'node:events';
import { connect } from 'node:http2';

export interface HalfSent {
  /** Sends the rest, an empty message. @returns its gRPC status. */
  finish(): Promise<string>;
  close(): void;
}

/** A call that is in flight for as long as nobody sends the rest of it. */
export async function halfSent(address: string, path: string): Promise<HalfSent> {
  const session = connect(`http://${address}`);
  session.on('error', () => undefined);
  // A request that waits for the connection may go out after a ping that waits as well.
  await once(session, 'connect');
  const call = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  call.on('error', () => undefined);
  // A refusal comes without a body, and then the trailers are the headers.
  const headers = once(call, 'response') as Promise<[Readonly<Record<string, unknown>>]>;
  const trailers = once(call, 'trailers') as Promise<[Readonly<Record<string, unknown>>]>;
  for (const each of [headers, trailers]) each.catch(() => undefined);
  // What was sent before a ping has arrived when it is answered.
  await new Promise((resolve) => session.ping(resolve));
  return {
    finish: async () => {
      call.resume();
      call.end(Buffer.alloc(5));
      const [first] = await headers;
      const [{ 'grpc-status': status }] = 'grpc-status' in first ? [first] : await trailers;
      session.close();
      return String(status);
    },
    close: () => session.destroy(),
  };
}
