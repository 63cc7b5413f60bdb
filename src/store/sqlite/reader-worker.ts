import { parentPort, workerData } from 'node:worker_threads';
import { type Call, type Notice, type ReaderCalls, type Reply, toSentError } from './messages.js';
import type { PackedLog } from './packed-commits.js';
import type { PackedEntries } from './packed-entries.js';
import { openReader } from './reader.js';
import { toMootError } from './sqlite-error.js';

/** A thread that reads. */
function start(port: NonNullable<typeof parentPort>): void {
  const say = (message: Reply | Notice): void => port.postMessage(message, partsOf(message));
  const { file, own } = workerData as { file: string; own: string };
  try {
    const reader = openReader(file, own, (place) => say({ notice: 'damaged', place }));
    port.on('message', (call: Call) => {
      answer(reader, call, say);
      if (call.method === 'close') port.close();
    });
    say({ notice: 'ready' });
  } catch (error) {
    say({ notice: 'failed', error: toSentError(toMootError(error)) });
    port.close();
  }
}

/** What a page is made of goes to the other thread as it is, uncopied. */
function partsOf(message: Reply | Notice): ArrayBuffer[] {
  const result: unknown = 'result' in message ? message.result : undefined;
  if (typeof result !== 'object' || result === null) return [];
  if ('packed' in result) return [(result as PackedLog).packed.buffer];
  if (!('numbers' in result && 'data' in result)) return [];
  const { numbers, data } = result as PackedEntries;
  return [numbers.buffer, data.buffer] as ArrayBuffer[];
}

function answer(reader: ReaderCalls, { call, method, args }: Call, say: (message: Reply) => void): void {
  const run = reader[method as keyof ReaderCalls] as (...args: readonly unknown[]) => unknown;
  try {
    say({ call, result: run(...args) });
  } catch (error) {
    say({ call, error: toSentError(toMootError(error)) });
  }
}

if (parentPort) start(parentPort);
