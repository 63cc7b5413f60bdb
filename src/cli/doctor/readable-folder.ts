import { readdir } from 'node:fs/promises';
import { systemCode } from '../../core/errors.js';
import { systemReason } from '../system-reason.js';
import { usage } from '../usage.js';

/** @throws UsageError unless `data`, given with --data, is a folder that can be read. */
export async function readableFolder(data: string): Promise<void> {
  await readdir(data).catch((cause: unknown) => {
    const reason = systemCode(cause) === 'ENOTDIR' ? 'it is no folder' : systemReason(cause);
    const hint = 'the folder of --data, or .moot/NAME';
    throw usage('--data', `data folder ${data} cannot be read: ${reason}`, hint, cause);
  });
}
