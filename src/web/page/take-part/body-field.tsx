import { useSignal } from '@preact/signals';
import type { Problem } from '../../api.js';
import { Markdown } from '../markdown/markdown.js';
import { Field } from '../parts/field.js';

interface BodyFieldProps {
  readonly body: string;
  readonly problem: Problem | undefined;
  readonly change: (text: string) => void;
}

/** The text of an article as it is written, or as it will be read. */
export function BodyField({ body, problem, change }: BodyFieldProps) {
  const isPreview = useSignal(false);
  return (
    <div class="body-field">
      <Field
        name="body"
        says="Text"
        hint="Markdown: **strong**, *emphasis*, [a link](https://…), > a quotation."
        problem={problem}
      >
        {(attributes) => (
          <textarea
            {...attributes}
            required
            rows={14}
            dir="auto"
            hidden={isPreview.value}
            value={body}
            onInput={(event) => change(event.currentTarget.value)}
          />
        )}
      </Field>
      {isPreview.value && (
        <section class="preview card" aria-label="Preview">
          {body.trim() === '' ? <p class="quiet">There is nothing to show yet.</p> : <Markdown text={body} top={2} />}
        </section>
      )}
      <button
        type="button"
        class="button"
        aria-pressed={isPreview.value}
        onClick={() => {
          isPreview.value = !isPreview.value;
        }}
      >
        {isPreview.value ? 'Write on' : 'Preview'}
      </button>
    </div>
  );
}
