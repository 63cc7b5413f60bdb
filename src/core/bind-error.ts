import { MootError, systemCode } from './errors.js';

/** Why an address cannot be listened on, by what the system said. */
export function bindError(cause: unknown, host: string, port: number): MootError {
  const code = systemCode(cause);
  if (code === 'EADDRINUSE')
    return new MootError('already_exists', `port ${port} of ${host} is in use`, {
      cause,
      field: 'port',
      hint: 'choose another port, or stop what listens there',
    });
  if (code === 'EACCES' || code === 'EPERM')
    return new MootError('denied', `port ${port} of ${host} is not free for this user to take`, {
      cause,
      field: 'port',
      hint: 'choose a port from 1024 up',
    });
  return new MootError('invalid', `${host} is not an address of this machine`, {
    cause,
    field: 'host',
    hint: '--host 127.0.0.1, or an address of this machine',
  });
}
