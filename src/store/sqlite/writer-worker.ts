import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { DailyQuota } from '../../core/quota.js';
import { parseIdentity } from '../../identity/keys.js';
import { createSealer } from '../../identity/seal.js';
import { type Call, type Notice, type Reply, type Say, toSentError } from './messages.js';
import { toMootError } from './sqlite-error.js';
import { WriterLoop } from './writer-loop.js';

interface WriterData {
  readonly file: string;
  readonly privatePem: string;
  /** 1 while somebody listens to commits. */
  readonly heard: Int32Array;
  readonly quota: DailyQuota;
}

/** The thread that owns the only connection that writes. */
function start(port: NonNullable<typeof parentPort>): void {
  const say: Say<Reply | Notice> = (message, buffers = []) => port.postMessage(message, buffers);
  const { file, privatePem, heard, quota } = workerData as WriterData;
  try {
    const receive = (): Call | undefined => {
      const received: { message: Call } | undefined = receiveMessageOnPort(port);
      return received?.message;
    };
    const isHeard = (): boolean => Atomics.load(heard, 0) === 1;
    const loop = new WriterLoop(file, createSealer(parseIdentity(privatePem)), say, receive, isHeard, quota);
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
