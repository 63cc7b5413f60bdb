import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MootError, systemCode } from '../core/errors.js';

export interface OperatorOptions {
  readonly token?: string | undefined;
  /** A file that holds it, as DATA/operator.token does. */
  readonly tokenFile?: string | undefined;
}

/**
 * The operator's token of the community `id`: as given, else from the file, else from HOME/operators/ID, where the server
 * leaves it for the person who started it.
 * @throws MootError `unauthenticated` when there is none.
 */
export async function findOperatorToken(
  { id, name }: { readonly id: string; readonly name: string },
  { token, tokenFile }: OperatorOptions,
  home: string | undefined,
): Promise<string> {
  if (token) return token;
  const path = tokenFile ?? (home === undefined ? undefined : join(home, 'operators', id));
  const found = path === undefined ? undefined : await read(path);
  if (found) return found;
  const where = tokenFile === undefined ? '' : ` in ${tokenFile}`;
  throw new MootError('unauthenticated', `no operator token of ${name} is here${where}`, {
    field: 'operatorToken',
    hint: '--operator-token-file DATA/operator.token, with the data folder of that server',
  });
}

async function read(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw new MootError('denied', `the operator token in ${path} cannot be read`, { cause, field: 'operatorToken' });
  }
}
