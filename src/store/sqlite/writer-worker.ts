import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { parseIdentity } from '../../identity/keys.js';
import { createSealer } from '../../identity/seal.js';
import { type Call, type Notice, type Reply, toSentError } from './messages.js';
import { toMootError } from './sqlite-error.js';
import { WriterLoop } from './writer-loop.js';

/** The thread that owns the only connection that writes. */
function start(port: NonNullable<typeof parentPort>): void {
  const say = (message: Reply | Notice): void => port.postMessage(message);
  const { file, privatePem } = workerData as { file: string; privatePem: string };
  try {
    const loop = new WriterLoop(file, createSealer(parseIdentity(privatePem)), say, () => {
      const received: { message: Call } | undefined = receiveMessageOnPort(port);
      return received?.message;
    });
    port.on('message', (call: Call) => {
      if (loop.work(call)) port.close();
    });
    say({ notice: 'ready' });
  } catch (error) {
    say({ notice: 'failed', error: toSentError(toMootError(error)) });
    port.close();
  }
}

if (parentPort) start(parentPort);
