import { signal } from '@preact/signals';

/** Operators' tokens by community: in memory alone, gone with the page. */
export const operatorTokens = signal<ReadonlyMap<string, string>>(new Map());

export function takeToken(community: string, token: string | undefined): void {
  const tokens = new Map(operatorTokens.value);
  if (token === undefined) tokens.delete(community);
  else tokens.set(community, token);
  operatorTokens.value = tokens;
}
