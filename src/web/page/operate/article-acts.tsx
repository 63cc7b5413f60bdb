import { useSignal } from '@preact/signals';
import { ActButton } from './act-button.js';
import type { OperateState } from './operate-state.js';

/** Hides an article here, shows it again, or takes it back everywhere: by its id, which its seal shows. */
export function ArticleActs({ state }: { readonly state: OperateState }) {
  const id = useSignal('');
  const about = { id: id.value.trim() };
  const isGiven = /^[0-9a-v]{52}$/.test(about.id);
  return (
    <section aria-labelledby="hold">
      <h2 id="hold" tabIndex={-1}>
        Hold back an article
      </h2>
      <label>
        Its id
        <input
          value={id.value}
          maxLength={52}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            id.value = event.currentTarget.value;
          }}
        />
        <span class="hint">52 characters: open the article, and its seal shows them.</span>
      </label>
      {isGiven && (
        <p class="actions">
          <ActButton
            state={state}
            act="hide"
            about={about}
            says="Hide"
            whom="this article here"
            done="It is hidden here"
            asksWhy
          />
          <ActButton
            state={state}
            act="unhide"
            about={about}
            says="Show again"
            whom="this article"
            done="It is shown again"
          />
          <ActButton
            state={state}
            act="retract"
            about={about}
            says="Retract"
            whom="this article everywhere"
            done="It is retracted"
            asksWhy
          />
        </p>
      )}
    </section>
  );
}
