import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Community } from '../../src/client/index.js';
import { expectAccessible, expectNoSideways, itInBrowser, type Visit } from '../support/browser.js';
import { PageNetwork } from '../support/page-network.js';

const pages = new PageNetwork();
let ada: Community;

beforeAll(async () => {
  await pages.start('Agora');
  await pages.network.startServer('Moderated', {
    readable: 'public',
    admission: 'approval',
    peering: 'approval',
    holdFirst: 1,
  });
  await pages.network.startServer('Private', { readable: 'members', admission: 'invite' });
  const operators = await pages.operators();
  await (await operators.operator('Moderated')).connect('Agora');
  await (await operators.operator('Agora')).connect('Moderated');
  ada = await (await pages.member()).join('Moderated', { as: 'ada' });
  await (await operators.moderation('Moderated')).admit('ada');
}, 90_000);
afterAll(() => pages.stop(), 60_000);

const operatorOf = (name: string): string =>
  readFileSync(join(pages.network.home, 'operators', pages.network.servers.get(name)?.id ?? ''), 'utf8').trim();

/** The page on which a community is looked after. */
async function operate(name: string): Promise<Visit> {
  const visit = await pages.browsing.visit(`?view=operate&in=${name.toLowerCase()}`);
  await visit.page.getByLabel('Operator token').fill(operatorOf(name));
  await visit.page.keyboard.press('Enter');
  await visit.page.getByRole('heading', { name: 'Audit' }).waitFor();
  return visit;
}

const section = (page: Page, name: string) => page.getByRole('region', { name });

describe('N11 looking after a community on the page', () => {
  itInBrowser('the limits of the server are shown to its operator', async () => {
    const { page } = await operate('Moderated');
    const limits = section(page, 'Limits');
    await limits.getByText('2,000 calls a second').first().waitFor();
    await limits.getByText('1,000,000').waitFor();
    await expectAccessible(page);
  });

  itInBrowser('who asks to join is admitted, or refused with a reason that they read', async () => {
    const [fay, gus] = await Promise.all(
      ['fay', 'gus'].map(async (name) => {
        const visit = await pages.browsing.visit('?view=communities&join=moderated');
        await visit.page.getByLabel('Your name there').fill(name);
        await visit.page.keyboard.press('Enter');
        await visit.page
          .getByText(/waits? for/)
          .first()
          .waitFor();
        return visit;
      }),
    );
    const { page, faults } = await operate('Moderated');
    const requests = section(page, 'Requests to join');
    await requests.getByText('fay').waitFor();
    await expectAccessible(page);
    await requests.getByRole('button', { name: 'Admit fay' }).click();
    await page.getByText('fay is a member.').waitFor();
    await requests.getByRole('button', { name: 'Refuse gus' }).click();
    await requests.getByLabel(/Why refuse gus/).fill('no room');
    await page.keyboard.press('Enter');
    await page.getByText('gus is refused.').waitFor();
    await requests.getByText('Nobody waits.').waitFor();
    await section(page, 'Members').getByText('fay').waitFor();
    await fay?.page.getByRole('link', { name: 'Write in Moderated' }).waitFor();
    await gus?.page.getByText(/no room/).waitFor();
    expect([faults, fay?.strangers, gus?.strangers]).toEqual([[], [], []]);
  });

  itInBrowser(
    'the first article of a new member waits, is read by who looks after the community, released or refused',
    async () => {
      await ada.publish({ topic: 'tea', title: 'First words', body: 'Good *morning*.' }, { key: 'first' });
      await ada.publish({ topic: 'tea', title: 'Buy this', body: 'Cheap!' }, { key: 'spam' });
      const { page, faults } = await operate('Moderated');
      const held = section(page, 'Held articles');
      await held.getByText('First words').click();
      await held.getByText('Good *morning*.').waitFor();
      await expectAccessible(page);
      await held.getByRole('button', { name: 'Release “First words” by ada' }).click();
      await page.getByText('“First words” by ada is published.').waitFor();
      await held.getByRole('button', { name: 'Refuse “Buy this” by ada' }).click();
      await page.keyboard.press('Tab');
      await held.getByRole('button', { name: 'Refuse', exact: true }).click();
      await page.getByText('“Buy this” by ada is refused.').waitFor();
      await held.getByText('No article waits to be let in.').waitFor();
      const reader = await pages.browsing.visit('?in=moderated');
      await reader.page.getByRole('link', { name: 'First words' }).waitFor();
      expect(await reader.page.getByText('Buy this').count()).toBe(0);
      expect(faults).toEqual([]);
    },
  );

  itInBrowser(
    'who would link here is approved, silenced or denied, and what was done stands in the audit',
    async () => {
      const { page } = await operate('Moderated');
      const callers = section(page, 'Who links here');
      await callers.getByText('Agora').waitFor();
      await section(page, 'Links of this community').getByText('Agora').waitFor();
      await callers.getByRole('button', { name: 'Approve Agora' }).click();
      await page.getByText('Agora may link here.').waitFor();
      await callers.getByText(/allow/).waitFor();
      await callers.getByRole('button', { name: 'Deny Agora' }).click();
      await callers.getByLabel(/Why deny Agora/).fill('too loud');
      await page.keyboard.press('Enter');
      await page.getByText('Agora is denied.').waitFor();
      await callers.getByText(/deny.*too loud/).waitFor();
      await section(page, 'Audit')
        .getByText(/too loud/)
        .waitFor();
      await section(page, 'Policy').getByText('approval').first().waitFor();
      await expectAccessible(page);
      await expectNoSideways(page);
    },
  );

  itInBrowser('a member is removed, an article is hidden and retracted, and a wrong token opens nothing', async () => {
    const { id } = await ada.publish({ topic: 'tea', title: 'To be taken back', body: 'x' }, { key: 'back' });
    const { page } = await operate('Moderated');
    await page.getByLabel('Its id').fill(id);
    await page.getByRole('button', { name: 'Retract this article everywhere' }).click();
    await page.getByRole('button', { name: 'Retract', exact: true }).click();
    await page.getByText('It is retracted.').waitFor();
    const members = section(page, 'Members');
    await members.getByRole('button', { name: 'Remove ada' }).click();
    await members.getByLabel(/Why remove ada/).fill('bye');
    await page.keyboard.press('Enter');
    await page.getByText('ada is removed.').waitFor();
    await members.getByText('ada', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByLabel('Operator token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText(/token/i).first().waitFor();
    expect(await page.getByRole('heading', { name: 'Audit' }).count()).toBe(0);
  });

  itInBrowser('with an invitation one joins, and leaves again', async () => {
    const { code } = await (await (await pages.operators()).moderation('Private')).invite();
    const { page, faults } = await pages.browsing.visit('?view=communities&join=private');
    await page.getByLabel('Your name there').fill('eve');
    await page.getByLabel(/[Ii]nvit/).fill(code);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Write in Private' }).waitFor();
    await page
      .getByRole('button', { name: /^Leave/ })
      .first()
      .click();
    await page
      .getByRole('button', { name: /^Leave/ })
      .last()
      .click();
    await page.getByRole('link', { name: 'Write in Private' }).waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });
});
