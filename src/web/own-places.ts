import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../core/address.js';
import { MootError } from '../core/errors.js';

/** Where a connection ends here. */
interface End {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/**
 * Lets in what was meant for this gateway: by its own name, so that a page cannot have its own name lead here (DNS
 * rebinding), and from its own pages, so that no other page acts for the reader (CSRF).
 */
export class OwnPlaces {
  private readonly hosts: ReadonlySet<string>;

  /** @param origins as in https://moot.example: where it is reached besides the address on which it listens. */
  constructor(private readonly origins: readonly string[]) {
    this.hosts = new Set(origins.map((origin) => new URL(origin).host));
  }

  /** How the reader names this gateway, for links that lead back to it. */
  baseOf({ headers, protocol }: Pick<FastifyRequest, 'headers' | 'protocol'>): string {
    const { host = '' } = headers;
    return this.origins.find((origin) => new URL(origin).host === host.toLowerCase()) ?? `${protocol}://${host}`;
  }

  /** @throws MootError `denied`. */
  require({ headers, raw, method, url }: Pick<FastifyRequest, 'headers' | 'raw' | 'method' | 'url'>): void {
    const { host, origin } = headers;
    if (host === undefined || !this.isOwn(host.toLowerCase(), raw.socket))
      throw new MootError('denied', 'this gateway does not go by that name', {
        field: 'host',
        hint: 'moot web --origin https://NAME, where it is reached by a name',
      });
    if (
      origin !== undefined &&
      origin !== `http://${host}` &&
      !this.isTls(raw.socket, origin, host) &&
      !this.origins.includes(origin)
    )
      throw new MootError('denied', 'another page may not ask here', { field: 'origin' });
    const site = headers['sec-fetch-site'];
    if (url.startsWith('/api/') && (site === 'cross-site' || site === 'same-site'))
      throw new MootError('denied', 'another page may not ask here', { field: 'origin' });
    if (method === 'POST') requireWrite(headers);
  }

  private isOwn(host: string, end: End): boolean {
    if (this.hosts.has(host)) return true;
    const [, name = '', port = '80'] = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/.exec(host) ?? [];
    if (Number(port) !== end.localPort) return false;
    // An IP address is nobody's to lead elsewhere, and a loopback name is this machine's.
    const here = (end.localAddress ?? '').replace(/^::ffff:/i, '');
    return name.replace(/^\[|\]$/g, '') === here || (isLoopback(name) && isLoopback(here));
  }

  private isTls(end: object, origin: string, host: string): boolean {
    return 'encrypted' in end && origin === `https://${host}`;
  }
}

/** What a form or an image of another page cannot send. */
function requireWrite(headers: FastifyRequest['headers']): void {
  if (!/^application\/json(;|$)/i.test(headers['content-type'] ?? ''))
    throw new MootError('invalid', 'only application/json is taken', { field: 'content-type' });
  if (headers['moot-write'] !== '1')
    throw new MootError('denied', 'a write says so: the header moot-write is missing', {
      field: 'moot-write',
      hint: 'moot-write: 1',
    });
}
