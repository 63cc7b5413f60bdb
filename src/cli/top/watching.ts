import type { Community, Moot, ServerInfo } from '../../client/index.js';
import { type Clock, sleep } from '../../core/clock.js';
import { isMootError } from '../../core/errors.js';
import { NetworkView, type Said } from './network-view.js';

const everyMs = 1000;
/** A server that takes longer says nothing this time. */
const answerMs = 2000;
/** Communities that are asked each second; whoever has joined more hears of these. */
const mostAsked = 50;

export interface Watching {
  readonly view: NetworkView;
  /** Ends when the signal fires. @throws what makes watching impossible. */
  readonly over: Promise<void>;
}

/**
 * Keeps a view of the network up to date until the signal fires: from the registries as they tell it, and each second from
 * the communities whose members or operators we are. `changed` is called after each thing that was told.
 */
export function watchNetwork(
  moot: Moot,
  registries: readonly string[],
  clock: Clock,
  signal: AbortSignal,
  changed: () => void,
): Watching {
  const view = new NetworkView(registries);
  const asks = asking(moot);
  const open = new Set<string>();
  /** Of which nobody here is a member or the operator. */
  const strange = new Set<string>();
  const ask = (server: ServerInfo): void => {
    if (open.has(server.id)) return;
    open.add(server.id);
    const tell = (said: Said | undefined): void => {
      open.delete(server.id);
      if (signal.aborted) return;
      if (said === undefined) strange.add(server.id);
      else view.told(server.id, said, clock.monotonic());
      changed();
    };
    asks(server, { signal, timeoutMs: answerMs }).then(tell, (error: unknown) => {
      tell(isMootError(error) ? error.message : 'it could not be asked');
    });
  };
  const askAll = (): void => {
    const servers = view.servers(clock.monotonic()).map(({ info }) => info);
    const known = servers.filter(({ id, joined }) => joined || !strange.has(id));
    for (const server of known.slice(0, mostAsked)) ask(server);
  };
  const follow = async (): Promise<void> => {
    for await (const event of moot.watchServers({ signal })) {
      view.take(event, clock.monotonic());
      if (event.type === 'listedAll') askAll();
      changed();
    }
  };
  const keepAsking = async (): Promise<void> => {
    while (!signal.aborted) {
      askAll();
      await sleep(clock, everyMs, signal);
    }
  };
  return { view, over: Promise.all([follow(), keepAsking()]).then(() => undefined) };
}

type Ask = (
  server: ServerInfo,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
) => Promise<Said | undefined>;

/** Asks a community; undefined when we are neither a member nor the operator. Each is introduced once at each address. */
function asking(moot: Moot): Ask {
  const met = new Map<string, Community>();
  return async (server, options) => {
    if (!server.joined) return moot.linksOf(server, options);
    const known = met.get(server.id);
    const community = known?.address === server.address ? known : await moot.listedCommunity(server);
    met.set(server.id, community);
    return community.load(options);
  };
}
