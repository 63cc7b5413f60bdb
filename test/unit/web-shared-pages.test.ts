import { describe, expect, it } from '@jest/globals';
import type { Page } from '../../src/web/api.js';
import { SharedPages } from '../../src/web/shared-pages.js';
import { StepClock } from '../support/step-clock.js';

const empty: Page = { articles: [], report: { complete: true, next: null, coverageChanged: false, servers: [] } };

/** Questions that are answered when the test says so. */
class Asked {
  readonly clock = new StepClock();
  readonly pages = new SharedPages(this.clock);
  readonly answers: ((page: Page) => void)[] = [];
  readonly ask = (): Promise<Page> => new Promise((resolve) => this.answers.push(resolve));

  page(limit = 1): Promise<Page> {
    return this.pages.page('agora', { limit }, this.ask);
  }

  async answer(page: Page): Promise<void> {
    this.answers.at(-1)?.(page);
    await this.clock.advance(100);
  }
}

describe('N11 a page that many ask for', () => {
  it('is asked for once while a question is on its way, and then once for all who came meanwhile', async () => {
    const asked = new Asked();
    const first = asked.page();
    const crowd = Array.from({ length: 200 }, () => asked.page());
    expect(asked.answers).toHaveLength(1);
    await asked.answer(empty);
    expect(await first).toBe(empty);
    expect(asked.answers).toHaveLength(2);
    const newer = { ...empty };
    await asked.answer(newer);
    for (const page of crowd) expect(await page).toBe(newer);
    expect(asked.answers).toHaveLength(2);
  });

  it('is asked for ten times a second at most, and at once where nobody has just asked', async () => {
    const asked = new Asked();
    const first = asked.page();
    asked.answers[0]?.(empty);
    await first;
    const second = asked.page();
    await asked.clock.advance(99);
    expect(asked.answers).toHaveLength(1);
    await asked.clock.advance(1);
    expect(asked.answers).toHaveLength(2);
    await asked.answer(empty);
    await second;
    void asked.page();
    expect(asked.answers).toHaveLength(3);
  });

  it('is another page with another question, and a question that failed is asked again', async () => {
    const asked = new Asked();
    void asked.page(1);
    void asked.page(2);
    expect(asked.answers).toHaveLength(2);
    const failing = asked.pages.page('agora', { limit: 3 }, () => Promise.reject(new Error('away')));
    const after = asked.page(3);
    await expect(failing).rejects.toThrow('away');
    await asked.answer(empty);
    await asked.answer(empty);
    expect(await after).toBe(empty);
  });
});
