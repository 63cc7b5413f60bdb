import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of what is in `file`, in hex. @param onRead told of each piece; what it throws ends the work. */
export async function sha256Of(file: string, onRead: (piece: Uint8Array) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    onRead(piece);
    hash.update(piece);
  }
  return hash.digest('hex');
}
