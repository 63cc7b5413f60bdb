import { nameOf } from '../../reading/report-sentence.js';

const hues = 12;

/** A community's first letter on a colour of its own, for the eye; its name stands beside it. */
export function Sigil({ of }: { readonly of: { readonly id: string; readonly name: string | null } }) {
  const hue = [...of.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) % hues;
  return (
    <span class={`sigil hue-${hue}`} aria-hidden="true">
      {[...nameOf(of)][0]?.toUpperCase()}
    </span>
  );
}
