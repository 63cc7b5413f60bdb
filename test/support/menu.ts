import { expect } from '@jest/globals';
import { key, Pty } from './pty.js';

/** The last line of each menu: when it is there, the menu is. */
export const menu = { client: '9. Quit', connector: '4. Quit' } as const;

/** Keys, and what comes after them; without keys, what comes besides. */
export type Step = readonly [keys: string, until: string];

interface Environment {
  readonly registry: string;
  readonly home: string;
  readonly timeout?: string;
}

/** Menus in pseudo-terminals; `close` ends those that are open. */
export class Menus {
  private readonly open: Pty[] = [];

  /** Starts one, and waits for its menu. */
  async start(program: keyof typeof menu, environment: Environment): Promise<Pty> {
    const pty = this.begin(program, environment);
    await pty.until(menu[program]);
    return pty;
  }

  /** Starts one, whatever it may show. */
  begin(program: keyof typeof menu, environment: Environment): Pty {
    const pty = new Pty([program], environment);
    this.open.push(pty);
    return pty;
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map((pty) => pty.close()));
  }
}

/** The steps that take an entry of the menu. */
export function entry(number: number, until: string): readonly Step[] {
  // The first is where the mark is already.
  const there: readonly Step[] = number > 1 ? [[String(number), `❯ ${number}.`]] : [];
  return [...there, [key.enter, until]];
}

/** @returns what came after the last step. */
export async function follow(pty: Pty, steps: readonly Step[]): Promise<string> {
  let shown = '';
  for (const [keys, until] of steps) shown = await (keys === '' ? pty.until(until) : pty.type(keys, until));
  return shown;
}

export function choose(pty: Pty, number: number, until: string): Promise<string> {
  return follow(pty, entry(number, until));
}

/** Types what narrows a list down, until all of it is there and the mark is on `line`. */
export async function narrow(pty: Pty, typed: string, line: string): Promise<string> {
  await pty.type(typed, ` ${typed}\r`);
  return pty.until(line);
}

/** Presses Ctrl-C, and expects the program to leave the terminal as it was: status 130, one word, and nothing else. */
export async function leavesCleanly(pty: Pty): Promise<void> {
  const before = pty.raw.length;
  expect(await pty.end(key.ctrlC)).toBe(130);
  const [said = ''] = pty.raw.slice(before).split('\nafterwards: ');
  expect(said).toMatch(/(?:^|[\r\nGhKl])interrupted\r\n\r?$/);
  expect(said).not.toMatch(/\bat |Error|node:/);
  expect(pty.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(pty.raw.lastIndexOf('\u001b[?25l'));
  expect(pty.afterwards).toMatch(/\sisig icanon /);
  expect(pty.afterwards).toMatch(/\secho /);
}
