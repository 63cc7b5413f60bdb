import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Browsing, expectAccessible, itInBrowser } from '../support/browser.js';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
const started = new Map<string, Daemon>();
let base = '';
const browsing = new Browsing(() => base);
const id = (name: string): string => String(started.get(name)?.ready.id);

beforeAll(async () => {
  await network.startRegistry();
  for (const name of ['Hamlet', 'Othello', 'Macbeth'])
    started.set(name, await network.startServer(name, '--readable', 'public'));
  for (const [from, to] of [
    ['Hamlet', 'Othello'],
    ['Othello', 'Macbeth'],
    ['Othello', 'Hamlet'],
  ] as const)
    await network.ok('connect', from, to);
  base = String((await network.start('web', '--port', '0', '--json')).ready.address);
}, 120_000);
afterAll(async () => {
  await browsing.close();
  await network.close();
}, 60_000);

describe('N9 the map on the page', () => {
  itInBrowser('draws each community and each link, and says the same in a list', async () => {
    const { page, faults, strangers } = await browsing.visit('?view=map');
    await page.getByText('3 communities, 3 links.').waitFor();
    for (const [from, to] of [
      ['Hamlet', 'Othello'],
      ['Othello', 'Macbeth'],
      ['Othello', 'Hamlet'],
    ] as const)
      await page.locator(`.link[data-from="${id(from)}"][data-to="${id(to)}"]`).waitFor({ state: 'attached' });
    await expectAccessible(page);
    await page.getByRole('link', { name: 'List' }).click();
    await page.locator('.network-list li', { hasText: 'Othello' }).getByText('reads Macbeth').waitFor();
    await expectAccessible(page);
    expect([faults, strangers]).toEqual([[], []]);
  });

  itInBrowser('needs no pointer: Tab to the map, arrows through it, Enter opens a community', async () => {
    const { page } = await browsing.visit('?view=map');
    await page.getByText('3 communities, 3 links.').waitFor();
    await page.locator('.community').first().waitFor();
    for (let presses = 0; presses < 30 && !(await focusedLabel(page)).includes('answers'); presses += 1)
      await page.keyboard.press('Tab');
    const first = await focusedLabel(page);
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.locator('.panel h2').waitFor();
    expect(first).toMatch(/^(Hamlet|Othello|Macbeth), answers/);
    expect(new URL(page.url()).searchParams.get('of')).toMatch(/hamlet|othello|macbeth/);
  });

  itInBrowser('a server that dies is seen on the map and in the report', async () => {
    const map = await browsing.visit('?view=map');
    await map.page.locator(`#map-${id('Macbeth')}.up`).waitFor();
    const list = await browsing.visit();
    await list.page.getByText('3 of 3 communities answered.').waitFor();
    const killedMs = performance.now();
    await started.get('Macbeth')?.end('SIGKILL');
    await map.page.locator(`#map-${id('Macbeth')}.down`).waitFor();
    const seenMs = performance.now();
    await list.page.getByText(/2 of 3 communities answered; Macbeth: /).waitFor();
    process.stderr.write(
      `MEASURED: a death is on the map after ${Math.round(seenMs - killedMs)} ms, in the report after ${Math.round(performance.now() - killedMs)} ms\n`,
    );
    await expectAccessible(map.page);
  });
});

function focusedLabel(page: { evaluate(code: string): Promise<unknown> }): Promise<string> {
  return page.evaluate('document.activeElement?.getAttribute("aria-label") ?? ""').then(String);
}
