import type { ErrorCode } from '../../core/errors.js';
import type { Admissions } from '../../rpc/admissions.js';
import type { CallEnd } from '../../rpc/open-call.js';
import type { Sockets } from '../../rpc/sockets.js';
import type { Meters } from './meters.js';

/** Counts the calls of one program. Methods are those it serves: what is called by another name is refused, and has none here. */
export class CallMeters {
  private readonly calls;
  private readonly refused;
  private readonly faults;

  constructor(private readonly meters: Meters) {
    this.calls = meters.counter('calls', 'Calls that were let in, by method and by how they ended', ['method', 'code']);
    this.refused = meters.counter(
      'refused_calls',
      'Calls that were not let in: unauthenticated or denied, full (rates, streams), timed_out (the request did not come)',
      ['code'],
    );
    this.faults = meters.counter('faults', 'Calls that met a fault of this program; its log says which');
  }

  readonly ended = ({ path, code }: CallEnd): void => {
    this.calls.inc({ method: path.replace(/^\//, ''), code });
    if (code === 'internal') this.faults.inc();
  };

  readonly notLetIn = (code: ErrorCode): void => {
    this.refused.inc({ code });
  };

  /** What is open is counted there. */
  watch(admissions: Admissions, sockets: Sockets): void {
    const { meters } = this;
    meters.gauge('open_calls', 'Calls that are open now, streams among them', () => admissions.size);
    meters.gauge('open_streams', 'Streams that are open now', () => admissions.streams);
    meters.gauge('connections', 'Connections that are open now', () => sockets.size);
    meters.counted(
      'refused_connections',
      'Connections that were cut because they were too many',
      () => sockets.turnedAway,
    );
  }
}
