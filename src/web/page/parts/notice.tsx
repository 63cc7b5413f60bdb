import type { ComponentChildren } from 'preact';
import type { Problem } from '../../api.js';
import { Icon } from './icon.js';

interface NoticeProps {
  readonly kind: 'good' | 'bad' | 'quiet';
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** Something the reader should know, in words; the colour only repeats it. */
export function Notice({ kind, title, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
      <Icon of={kind === 'good' ? 'check' : kind === 'bad' ? 'warning' : 'info'} />
      <div>
        <p class="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

/** A refusal: what happened, what to do next, and a way to try it again. */
export function ProblemNotice({ problem, retry }: { readonly problem: Problem; readonly retry?: () => void }) {
  return (
    <Notice kind="bad" title={sentence(problem.message)}>
      {problem.hint !== null && <p>{sentence(problem.hint)}</p>}
      {retry && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </Notice>
  );
}

/** Refusals of the network begin small and end open. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
