import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSideways, itInBrowser } from '../support/browser.js';
import { PageNetwork } from '../support/page-network.js';

const pages = new PageNetwork();

beforeAll(async () => {
  await pages.start('Agora');
  await pages.network.startServer('Careful', { readable: 'members', holdFirst: 1 });
}, 90_000);
afterAll(() => pages.stop(), 60_000);

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const { activeElement: on } = document;
    const label = on.getAttribute('aria-label') ?? on.labels?.[0]?.textContent ?? on.textContent;
    return on === document.body ? '' : label.trim();
  })()`);

/** Goes on with Tab to what bears such a name, as somebody without a pointer does. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 80) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (name.test(now)) return;
    passed.push(now);
  }
  throw new Error(`Tab does not come to ${name}: ${passed.join(' | ')}`);
}

async function pressOn(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

async function typeIn(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

describe('N11 taking part on the page', () => {
  itInBrowser('from joining over publishing and replying to looking after a community, without a pointer', async () => {
    const { page, faults, strangers } = await pages.browsing.visit();
    await page.getByText(/communit(y|ies) answered/).waitFor();
    await pressOn(page, /^Communities$/);
    await pressOn(page, /^Join Agora$/);
    await page.getByLabel('Your name there').waitFor();
    expect(await focused(page)).toMatch(/^Your name there/);
    await page.keyboard.type('kim');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Write in Agora' }).waitFor();
    await pressOn(page, /^Write in Agora$/);
    await typeIn(page, /^Topic/, 'tea.black');
    await typeIn(page, /^Title/, 'Without a mouse');
    await typeIn(page, /^Text/, 'Only **keys**.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Seal holds').waitFor();
    await page.locator('[role=status]', { hasText: 'It is published.' }).waitFor({ state: 'attached' });
    await pressOn(page, /^Reply$/);
    await page.getByText('Without a mouse').waitFor();
    await typeIn(page, /^Text/, 'Keys are enough.');
    await pressOn(page, /^Publish$/);
    await page.getByRole('heading', { name: '1 reply' }).waitFor();
    await page.getByText('Keys are enough.').waitFor();
    await pressOn(page, /^Operate$/);
    await tabTo(page, /^Community/);
    await page.keyboard.type('Agora');
    await typeIn(page, /^Operator token/, operatorOf('Agora'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await pressOn(page, /^Remove kim$/);
    expect(await focused(page)).toMatch(/^Why remove kim/);
    await page.keyboard.press('Enter');
    await page.getByText('kim is removed.').waitFor();
    await page.locator('h2:focus', { hasText: 'Members' }).waitFor();
    expect([faults, strangers]).toEqual([[], []]);
  });

  itInBrowser('nothing stands in the way of a screen reader on any page, light or dark', async () => {
    const { page, faults } = await pages.browsing.visit('?view=communities&join=agora');
    const check = async (): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
      }
      await expectNoSideways(page);
    };
    await page.getByLabel('Your name there').waitFor();
    await check();
    await page.getByLabel('Your name there').fill('lou');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Leave Agora' }).click();
    await page.getByRole('button', { name: 'Stay' }).waitFor();
    await check();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('link', { name: 'Write in Agora' }).click();
    await page.getByLabel('Topic').fill('Not a topic!');
    await page.getByLabel('Text', { exact: true }).fill('# A heading\n\n- one\n- two\n\n> quoted `code`');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText(/topic/i).first().waitFor();
    await page.locator('[aria-invalid=true]').waitFor();
    await check();
    await page.getByLabel('Topic').fill('tea');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Seal holds').click();
    await page.getByText('The way it took').click();
    await check();
    await page.getByRole('link', { name: 'Reply' }).click();
    await page.getByLabel('Text', { exact: true }).fill('An answer.');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('heading', { name: '1 reply' }).waitFor();
    await page.getByRole('button', { name: 'Retract' }).first().click();
    await check();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.goto(`${pages.base}/?view=operate&in=agora`);
    await page.getByLabel('Operator token').fill(operatorOf('Agora'));
    await check();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await check();
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
  });

  itInBrowser(
    'who is new where first articles wait is told so, and sees what they answer in a closed community',
    async () => {
      const { page } = await pages.browsing.visit('?view=communities&join=careful');
      await page.getByLabel('Your name there').fill('max');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Write in Careful' }).click();
      await page.getByLabel('Topic').fill('tea');
      await page.getByLabel('Title').fill('My first');
      await page.getByLabel('Text', { exact: true }).fill('Hello there.');
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByText('Sent. It waits until a moderator lets it in.').waitFor();
      expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('');
      const moderation = await (await pages.operators()).moderation('Careful');
      for await (const { id } of moderation.held()) await moderation.release(id);
      await page.goto(`${pages.base}/?in=careful`);
      await page.getByRole('link', { name: 'My first' }).click();
      await page.getByRole('link', { name: 'Reply' }).click();
      await page.locator('.answered', { hasText: 'My first' }).waitFor();
      await page.getByRole('link', { name: 'Communities' }).click();
      await page.getByRole('button', { name: 'Leave Careful' }).click();
      await page.getByRole('button', { name: 'Leave Careful' }).click();
      await page.getByRole('link', { name: 'Join Careful' }).waitFor();
    },
  );
});

function operatorOf(name: string): string {
  return readFileSync(join(pages.network.home, 'operators', pages.network.servers.get(name)?.id ?? ''), 'utf8').trim();
}
