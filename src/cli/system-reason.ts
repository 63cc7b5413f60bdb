import { types } from 'node:util';

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  ENOTDIR: 'a part of its path is not a folder',
};

/** Why the operating system did not do it, in a sentence where there is one. */
export function systemReason(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return sentences[code] ?? error.message;
}
