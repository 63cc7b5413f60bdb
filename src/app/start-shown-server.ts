import type { RunningServer, RunningWeb, ServerConfig } from './config.js';
import { startServer } from './start-server.js';

/** A server that shows itself to browsers on this machine as well. */
interface ShownServer {
  readonly server: RunningServer;
  /** Undefined when it was not to be shown. */
  readonly web: RunningWeb | undefined;
  onBroken(listener: (error: Error) => void): void;
  stop(): Promise<void>;
}

/**
 * Runs a community until `stop`, and the page of this one community where `web` says on which port.
 * @throws as `startServer` and `startWeb` do; nothing is then left running.
 */
export async function startShownServer(
  config: ServerConfig,
  web: { readonly port: number; readonly version: string } | undefined,
): Promise<ShownServer> {
  const server = await startServer(config);
  const shown = await show(server, config, web).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await shown?.stop();
    await server.stop();
  };
  return { server, web: shown, onBroken: (listener) => server.onBroken(listener), stop };
}

async function show(
  { id, address }: RunningServer,
  { registries, insecure, ca, log }: ServerConfig,
  web: { readonly port: number; readonly version: string } | undefined,
): Promise<RunningWeb | undefined> {
  if (!web) return undefined;
  const { startWeb } = await import('./start-web.js');
  return startWeb({ ...web, host: '127.0.0.1', only: { id, address }, registries, insecure, ca, log });
}
