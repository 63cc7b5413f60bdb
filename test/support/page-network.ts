import type { RegistryConfig } from '../../src/app/config.js';
import { connect, type Moot } from '../../src/client/index.js';
import { type RunningGateway, startGateway } from '../../src/web/gateway.js';
import { Browsing } from './browser.js';
import { TestNetwork } from './network.js';

/** A network that can be read by anybody, the gateway and its page as they were built, and a browser. */
export class PageNetwork {
  readonly network = new TestNetwork();
  readonly browsing = new Browsing(() => this.base);
  private readonly opened: Moot[] = [];
  private gateway: RunningGateway | undefined;

  get base(): string {
    return `http://localhost:${this.gateway?.port}`;
  }

  /** Starts a community for each name, and links each to the next. */
  async start(...names: readonly string[]): Promise<void> {
    await this.startWith({}, ...names);
  }

  /** The same, with another registry. */
  async startWith(registry: Partial<RegistryConfig>, ...names: readonly string[]): Promise<void> {
    await this.network.start([], [], registry);
    for (const name of names) await this.network.startServer(name, { readable: 'public' });
    const operators = await this.operators();
    for (const [at, name] of names.entries()) {
      const next = names[at + 1];
      if (next !== undefined) await (await operators.operator(name)).connect(next);
    }
    const moot = await this.keep(connect({ registry: this.network.registry }));
    // A registry hears of a link a moment after its server has it.
    while ((await moot.servers()).flatMap(({ peers }) => peers).length < names.length - 1);
    this.gateway = await startGateway({ moot, host: '127.0.0.1', port: 0, version: '1.2.3' });
  }

  /** A member from outside the browser. */
  async member(): Promise<Moot> {
    return this.keep(this.network.connect());
  }

  /** Whoever started the communities. */
  async operators(): Promise<Moot> {
    return this.keep(this.network.connectAtHome());
  }

  /** The gateway goes, and comes back on the same port. */
  async restartGateway(): Promise<void> {
    const port = this.gateway?.port ?? 0;
    await this.gateway?.stop();
    const moot = await this.keep(connect({ registry: this.network.registry }));
    this.gateway = await startGateway({ moot, host: '127.0.0.1', port, version: '1.2.3' });
  }

  async stop(): Promise<void> {
    await this.browsing.close();
    await this.gateway?.stop();
    await Promise.all(this.opened.map((moot) => moot.close()));
    await this.network.stop();
  }

  private async keep(opening: Promise<Moot>): Promise<Moot> {
    const moot = await opening;
    this.opened.push(moot);
    return moot;
  }
}
