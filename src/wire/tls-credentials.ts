import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { CallCredentials, ChannelCredentials, type experimental } from '@grpc/grpc-js';
import type { Address } from '../core/address.js';
import { MootError } from '../core/errors.js';
import { fingerprintOf } from '../identity/fingerprint.js';
import { certificateFault } from './certificate-fault.js';

/** How long a handshake may take: grpc-js waits for one without end. */
const handshakeMs = 10_000;

/**
 * TLS to one address. Where the address holds a fingerprint, that key is accepted and nothing else, whoever signed it and
 * until when; else what the authority vouches for, for the name that is dialled.
 */
export class TlsCredentials extends ChannelCredentials {
  private readonly context: SecureContext;
  private fault: MootError | undefined;
  private met: string | undefined;

  /** @param ca PEM, of one authority or several; not needed with a fingerprint. */
  constructor(
    private readonly to: Address,
    ca: string | undefined,
  ) {
    super();
    this.context = createSecureContext(to.fingerprint === undefined ? { ca } : {});
  }

  /** Of the certificate that was met last, and accepted. */
  get fingerprint(): string | undefined {
    return this.met;
  }

  /** What was wrong with the certificate, if that is why a call failed: `details` is what grpc-js says of it. */
  faultIn(details: string): MootError | undefined {
    return this.fault && details.includes(this.fault.message) ? this.fault : undefined;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(): experimental.SecureConnector {
    return {
      connect: (socket) => this.secure(socket),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => CallCredentials.createEmpty(),
      destroy: () => undefined,
    };
  }

  private secure(plain: Socket): Promise<experimental.SecureConnectResult> {
    const { to, context } = this;
    const host = to.host.replace(/^\[|\]$/g, '');
    return new Promise((resolve, reject) => {
      const refuse = (error: Error): void => {
        const fault = certificateFault(error, to);
        if (fault) this.fault = fault;
        reject(fault ?? error);
        socket.destroy();
      };
      const socket = connect({
        socket: plain,
        host,
        // An address is no name: the standard forbids to send it.
        ...(isIP(host) ? {} : { servername: host }),
        secureContext: context,
        ALPNProtocols: ['h2'],
        rejectUnauthorized: to.fingerprint === undefined,
      });
      socket.setTimeout(handshakeMs, () => refuse(new Error('the handshake took too long')));
      socket.once('close', () => refuse(new Error('the connection was closed in the handshake')));
      socket.on('error', refuse);
      socket.once('secureConnect', () => {
        const certificate = socket.getPeerX509Certificate();
        const met = certificate && fingerprintOf(certificate.publicKey);
        if (to.fingerprint !== undefined && met !== to.fingerprint) return refuse(anotherKey(to));
        socket.setTimeout(0).removeAllListeners('timeout').removeAllListeners('close').off('error', refuse);
        socket.on('error', () => undefined);
        this.met = met;
        resolve({ socket, secure: true });
      });
    });
  }
}

function anotherKey(to: Address): MootError {
  const sentence = `the certificate at ${to.host}:${to.port} is not the one that it is said to have`;
  return new MootError('denied', sentence, { field: 'address', hint: 'moot servers, which shows where it is now' });
}
