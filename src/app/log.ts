import type { AudienceEvent } from '../community/audience.js';
import type { CallEnd } from '../rpc/open-call.js';
import type { Log } from './config.js';

/** Logs what was thrown and is no refusal: whoever called was told "internal error" and no more. */
export function bugLog(log: Log | undefined): (error: unknown, call: { path: string; requestId: string }) => void {
  return (error, call) => {
    const stack = error instanceof Error ? error.stack : String(error);
    log?.({ level: 'error', text: `a fault in ${call.path}`, ...call, stack });
  };
}

/** Logs every call once it is over: one request bears the same id in the logs of all servers that it passes. */
export function callLog(log: Log | undefined): (call: CallEnd) => void {
  return ({ path, requestId, caller, code, tookMs }) =>
    log?.({
      level: 'debug',
      text: `${path} ${code} after ${Math.round(tookMs)} ms`,
      path,
      requestId,
      caller,
      code,
      tookMs,
    });
}

/** Tells the second as well, where there is one. */
export function told<Event>(first: (event: Event) => void, second?: (event: Event) => void): (event: Event) => void {
  if (!second) return first;
  return (event) => {
    first(event);
    second(event);
  };
}

/** Who came, who went, who was lost. */
export function audienceLine({ kind, member, topics }: AudienceEvent): Parameters<Log>[0] {
  const name = member.memberName;
  const about = topics.length === 0 ? 'everything' : topics.join(', ');
  const texts: Readonly<Record<AudienceEvent['kind'], string>> = {
    asked: `${name} asks to join`,
    joined: `${name} joined`,
    left: `${name} left`,
    removed: `${name} was removed`,
    connected: `${name} connected, subscribed to ${about}`,
    subscribed: `${name} subscribed to ${about}`,
    'came back': `${name} came back, subscribed to ${about}`,
    unsubscribed: `${name} unsubscribed from ${about}`,
    lost: `${name} was lost, subscribed to ${about}`,
  };
  return { level: 'info', text: texts[kind], event: kind, memberId: member.memberId, topics };
}
