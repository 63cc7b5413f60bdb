import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Leaves the operator's token where the command line of the person who starts the server finds it. */
export async function keepOperatorToken(home: string, communityId: string, token: string): Promise<void> {
  const folder = join(home, 'operators');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, communityId);
  await writeFile(`${file}.new`, `${token}\n`, { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}
