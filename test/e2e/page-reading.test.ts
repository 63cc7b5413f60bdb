import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Published } from '../../src/client/index.js';
import { expectAccessible, expectNoSideways, itInBrowser } from '../support/browser.js';
import { PageNetwork } from '../support/page-network.js';

const hostile = '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">';
const pages = new PageNetwork();
let root: Published;
let evil: Published;

beforeAll(async () => {
  await pages.start('Agora', 'Bazaar');
  const moot = await pages.member();
  const agora = await moot.join('Agora', { as: 'ada' });
  const bazaar = await moot.join('Bazaar', { as: 'ada' });
  root = await agora.publish({ topic: 'tea.green', title: 'On tea', body: 'Water of *eighty* degrees.' }, { key: 'a' });
  await agora.publish({ topic: 'tea.green', body: 'Rather seventy.', replyTo: root.id }, { key: 'b' });
  await bazaar.publish({ topic: 'coffee', title: 'On coffee', body: 'Beans, and more beans.' }, { key: 'c' });
  const body = `${hostile}\n\n[run](javascript:document.title='owned') [go](https://example.org/)\n\n![a cat](https://example.org/cat.png)`;
  evil = await bazaar.publish({ topic: 'tricks', title: hostile, body, author: hostile.slice(0, 100) }, { key: 'd' });
}, 90_000);
afterAll(() => pages.stop(), 60_000);

describe('N11 reading on the page', () => {
  itInBrowser('lists what all communities have, the newest first, with the report above', async () => {
    const { page, faults, strangers } = await pages.browsing.visit();
    await page.getByText('2 of 2 communities answered.').waitFor();
    const headings = page.locator('.row h2');
    await headings.nth(3).waitFor();
    expect(await headings.count()).toBe(4);
    expect(await headings.nth(1).textContent()).toBe('On coffee');
    await expectAccessible(page);
    expect([faults, strangers]).toEqual([[], []]);
  });

  itInBrowser('keeps filters and full text in the address, and takes them off one by one', async () => {
    const { page } = await pages.browsing.visit('?topic=tea');
    await page.getByText('On tea').waitFor();
    await page.locator('.row').nth(1).waitFor();
    expect(await page.locator('.row').count()).toBe(2);
    await page.getByLabel('Words to look for').fill('eighty');
    await page.keyboard.press('Enter');
    await page.waitForURL(/text=eighty/);
    await page.locator('.row').first().waitFor();
    expect(new URL(page.url()).searchParams.getAll('topic')).toEqual(['tea']);
    await page.getByRole('link', { name: 'Without with eighty' }).click();
    await page.waitForURL((url) => !url.searchParams.has('text'));
    await page.goBack();
    await page.waitForURL(/text=eighty/);
  });

  itInBrowser(
    'shows an article with its thread, the way it took, and its seal as this browser checked it',
    async () => {
      const { page, faults } = await pages.browsing.visit();
      await page.getByRole('link', { name: 'On tea' }).click();
      await page.getByText('Seal holds').click();
      await page.getByText('Sealed by its community, checked in this browser.').waitFor();
      await page.getByText(root.id).waitFor();
      await page.getByRole('heading', { name: '1 reply' }).waitFor();
      await page.getByText('The way it took').click();
      await page.locator('.way li', { hasText: 'Agora' }).waitFor();
      expect(await page.evaluate('document.activeElement?.tagName')).not.toBe('BODY');
      await expectAccessible(page);
      expect(faults).toEqual([]);
    },
  );

  itInBrowser('says what failed where a gateway shows something else than was sealed', async () => {
    const { page } = await pages.browsing.visit();
    await page.getByText('2 of 2 communities answered.').waitFor();
    await page.route(`**/articles/${root.id}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('eighty', 'ninety') });
    });
    await page.getByRole('link', { name: 'On tea' }).click();
    await page.getByText('Seal broken').waitFor();
    await page.getByText(/its text is shown otherwise than it was sealed/).waitFor();
  });

  itInBrowser(
    'script in title, body and names stays text, and no picture is loaded unless it is asked for',
    async () => {
      const { page, faults, strangers } = await pages.browsing.visit(`?article=${evil.id}`);
      await page.getByRole('heading', { level: 1, name: '<script>' }).waitFor();
      await page.getByText('Seal holds').waitFor();
      expect(await page.title()).toContain('<script>');
      expect(await page.locator('main script, main img, main [onerror]').count()).toBe(0);
      expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
      expect(await page.getByRole('link', { name: 'go' }).getAttribute('rel')).toContain('noopener noreferrer');
      expect([faults, strangers]).toEqual([[], []]);
      await page.route('https://example.org/**', (route) => route.fulfill({ status: 404 }));
      await page.getByRole('button', { name: 'Show the picture' }).click();
      await page.getByText('It could not be loaded.').waitFor();
      expect(strangers).toEqual(['https://example.org/cat.png']);
    },
  );

  itInBrowser('fits 360 pixels, dark as well as light', async () => {
    const addresses = [
      '',
      `?article=${evil.id}`,
      '?view=map',
      '?view=map&as=list',
      '?view=communities&join=agora',
      '?view=operate&in=agora',
      '?view=write',
    ];
    const narrow = { viewport: { width: 360, height: 700 }, colorScheme: 'dark' as const };
    const { page, faults } = await pages.browsing.visit('', narrow);
    for (const address of addresses) {
      await page.goto(`${pages.base}/${address}`);
      await page.locator('h1').waitFor();
      await page.waitForFunction('!/Loading|Looking at|Asking/.test(document.body.innerText)');
      await expectNoSideways(page);
      await expectAccessible(page);
    }
    expect(faults).toEqual([]);
  });

  itInBrowser('the first view comes to at most 150 KiB, compressed', async () => {
    const { page } = await pages.browsing.visit();
    const loaded = await page.evaluate<string[]>(
      'performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/assets/"))',
    );
    const files = await Promise.all(
      [pages.base, ...loaded].map(async (address) => (await fetch(address)).arrayBuffer()),
    );
    const bytes = files.reduce((sum, file) => sum + gzipSync(new Uint8Array(file)).length, 0);
    process.stderr.write(`MEASURED: the first view is ${(bytes / 1024).toFixed(1)} KiB compressed\n`);
    expect(bytes).toBeLessThan(150 * 1024);
  });
});
