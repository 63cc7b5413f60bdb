import { expect } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { commandPath, itWhere } from './abilities.js';

/** The page is looked at in Debian's chromium. */
export const itInBrowser = itWhere('the page is looked at with chromium', 'chromium', '--version');

/** What a machine with little to spare may take to show something. */
export const patienceMs = 30_000;

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page: errors, and words of the browser about what was refused. */
  readonly faults: string[];
  /** Requests to any other host. */
  readonly strangers: string[];
}

/** A browser that is started when it is first used. */
export class Browsing {
  private started: Promise<Browser> | undefined;

  constructor(private readonly base: () => string) {}

  /** A new reader, with nothing kept. */
  async visit(address = '', options: BrowserContextOptions = {}): Promise<Visit> {
    this.started ??= chromium.launch({
      executablePath: commandPath('chromium'),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    const context = await (await this.started).newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    const faults: string[] = [];
    const strangers: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(this.base())) strangers.push(request.url());
    });
    await page.goto(`${this.base()}/${address}`);
    return { page, faults, strangers };
  }

  async close(): Promise<void> {
    await (await this.started)?.close();
  }
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** axe finds nothing to mend in what is shown. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
    ),
  ).toEqual([]);
}

/** Nothing is wider than the window. */
export async function expectNoSideways(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect({ address: page.url(), wide }).toEqual({ address: page.url(), wide: window });
}
