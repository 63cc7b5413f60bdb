import { MootError } from '../core/errors.js';

export function nameTaken(name: string): MootError {
  return new MootError('already_exists', `the name ${name} is taken`, { field: 'name', hint: 'choose another name' });
}

export function inviteOver(): MootError {
  return new MootError('denied', 'this invitation is used up, revoked or over', {
    field: 'invite',
    hint: 'ask who invited you for another one',
  });
}

export function notKept(id: string): MootError {
  return new MootError('not_found', `there is no article ${id} here`, { field: 'id' });
}

export function ownArticle(id: string): MootError {
  return new MootError('invalid', `article ${id} is this community’s own: it is retracted, not hidden`, {
    field: 'id',
    hint: 'moot retract SERVER ID',
  });
}

export function notHeld(id: string): MootError {
  return new MootError('not_found', `no article ${id} waits for approval here`, {
    field: 'id',
    hint: 'moot held SERVER',
  });
}

export function notHidden(id: string): MootError {
  return new MootError('not_found', `article ${id} is not hidden here`, { field: 'id' });
}
