/** A thread that dies when it is asked for members, and answers everything else with its own number. */
import { parentPort, threadId } from 'node:worker_threads';

parentPort.on('message', ({ call, method }) => {
  if (method === 'members') throw new Error('as it was told');
  parentPort.postMessage({ call, result: threadId });
  if (method === 'close') parentPort.close();
});
parentPort.postMessage({ notice: 'ready' });
