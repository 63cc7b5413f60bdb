import type { Clock } from '../core/clock.js';
import type { OriginId } from '../core/ids.js';
import type { Hop, TraceQuestion, Tracer } from '../core/trace.js';
import { readAnswer } from '../wire/check.js';
import { fromWireHops, toWireTraceBack } from '../wire/convert-trace.js';
import { FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { PeerConnections, type PeerConnectionsConfig } from './peer-connections.js';

/** The whole way back must be asked within the time of one call. */
const deadlineMs = 3000;

/** Asks peers over gRPC from whom they have an entry. */
export class GrpcTracer implements Tracer {
  private readonly connections: PeerConnections;

  constructor(config: Omit<PeerConnectionsConfig, 'purpose'> & { readonly clock: Clock }) {
    this.connections = new PeerConnections({ ...config, purpose: 'peer' });
  }

  async traceBack(peer: OriginId, question: TraceQuestion): Promise<readonly Hop[]> {
    const method = FederationServiceService.traceBack;
    const signal = AbortSignal.timeout(deadlineMs);
    const connection = await this.connections.to(peer);
    const { channel } = connection;
    const open = async () => {
      const token = await this.connections.token(connection, method.path, signal);
      return once(channel.unary(method, toWireTraceBack(question), { signal, token, deadlineMs }));
    };
    for await (const { hops } of connection.stream(open, signal)) return readAnswer(() => fromWireHops(hops));
    return [];
  }

  close(): void {
    this.connections.close();
  }
}

async function* once<T>(answer: Promise<T>): AsyncGenerator<T> {
  yield await answer;
}
