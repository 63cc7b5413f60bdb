import type { ComponentChildren } from 'preact';
import type { Problem } from '../../api.js';

interface FieldProps {
  readonly name: string;
  readonly says: string;
  readonly hint?: string;
  /** What was refused last; shown here when it names this field. */
  readonly problem?: Problem | undefined;
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

/** An input with its label, what it is for, and what was wrong with it. */
export function Field({ name, says, hint, problem, children }: FieldProps) {
  const wrong = problem?.field === name ? problem : undefined;
  const described = [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={`field-${name}`}>{says}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id: `field-${name}`,
        name,
        'aria-invalid': wrong !== undefined,
        'aria-describedby': described || undefined,
      })}
      {wrong && (
        <p class="wrong" id={`${name}-wrong`}>
          {wrong.message}
        </p>
      )}
    </div>
  );
}
