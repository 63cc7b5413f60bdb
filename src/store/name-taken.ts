import { MootError } from '../core/errors.js';

export function nameTaken(name: string): MootError {
  return new MootError('already_exists', `the name ${name} is taken`, { field: 'name', hint: 'choose another name' });
}
