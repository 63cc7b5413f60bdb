import { invalid } from './errors.js';
import { limits } from './limits.js';
import { codePoints, isBlank, requireText } from './text.js';

/**
 * The name of a community or a member: 1 to 64 code points, one line, not only dots and spaces, no space at either end and
 * no `:` or `/` (a name with `:` would read as an address).
 */
export function parseName(name: string, field = 'name'): string {
  if (isBlank(name)) throw invalid(field, `${field} is required`);
  requireText(field, name, 'one line');
  const length = codePoints(name);
  if (length > limits.nameCharacters)
    throw invalid(field, `${field} has ${length} characters; the limit is ${limits.nameCharacters}`);
  if (name.trim() !== name) throw invalid(field, `${field} begins or ends with a space`);
  if (/^[.\s]+$/u.test(name)) throw invalid(field, `${field} "${name}" has nothing but dots`);
  if (/[:/\\]/u.test(name)) throw invalid(field, `${field} "${name}" holds one of : / \\`);
  return name;
}

/** Two names that fold to the same are the same name. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
