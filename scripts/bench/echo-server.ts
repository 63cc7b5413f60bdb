import { Server, ServerCredentials } from '@grpc/grpc-js';
import { echo } from './echo.js';

/** A bare grpc-js unary echo, in a process of its own: what every figure is a ratio of. Prints its port. */
const server = new Server();
server.addService(echo, {
  echo: (call: { request: Buffer }, reply: (error: null, response: Buffer) => void) => reply(null, call.request),
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${JSON.stringify({ address: `127.0.0.1:${port}` })}\n`);
});
