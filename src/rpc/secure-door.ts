import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { MootError } from '../core/errors.js';
import { toStatus } from '../wire/error-table.js';

/** In PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a server shows to who connects; it may be renewed while it is served. */
export interface ServedCertificate {
  readonly current: Certificate;
  /** Calls `tell` with each one that takes the place of the one before. */
  onChange(tell: (now: Certificate) => void): void;
}

/** How long a connection may take to say something, and then to shake hands. */
const handshakeMs = 10_000;
/** The first byte of every TLS connection: a handshake record (RFC 8446, section 5.1). */
const handshakeRecord = 22;

/** Speaks TLS on connections that were taken elsewhere. Who speaks plaintext instead is told so, in words gRPC understands. */
export class SecureDoor {
  private readonly tls: TlsServer;
  private readonly plain = refusingServer();

  /** @param accept gets each connection whose handshake is done. */
  constructor({ current, onChange }: ServedCertificate, accept: (socket: Socket) => void) {
    this.tls = createTlsServer({ ...current, ALPNProtocols: ['h2'], handshakeTimeout: handshakeMs }, accept);
    this.tls.on('tlsClientError', (_error, socket) => socket.destroy());
    // Connections that are open keep what they began with.
    onChange((now) => this.tls.setSecureContext(now));
  }

  take(socket: Socket): void {
    socket.setTimeout(handshakeMs, () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.setTimeout(0).removeAllListeners('timeout');
      socket.pause();
      socket.unshift(first);
      (first[0] === handshakeRecord ? this.tls : this.plain).emit('connection', socket);
    });
  }
}

/** Refuses every call, whatever it is, before anything of it is read. */
function refusingServer(): Http2Server {
  const refusal = toStatus(
    new MootError('denied', 'this server speaks TLS, and was spoken to in plaintext', {
      field: 'address',
      hint: 'name it as HOST:PORT#FINGERPRINT, as its ready line has it, or add --tls-ca FILE',
    }),
  );
  const server = createHttp2Server();
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': String(refusal.code),
        'grpc-message': encodeURI(refusal.details),
        ...refusal.metadata.toHttp2Headers(),
      },
      { endStream: true },
    );
    stream.session?.close();
  });
  server.on('sessionError', () => undefined);
  return server;
}
