import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Field } from '../parts/field.js';
import { Notice, ProblemNotice } from '../parts/notice.js';
import { announce } from '../state/announce.js';
import type { Kept } from '../state/memberships.js';
import { communityOf, handleOf } from '../state/network.js';
import { go } from '../state/router.js';
import { BodyField } from './body-field.js';
import { EditorState } from './editor-state.js';

interface EditorProps {
  readonly community: string;
  readonly replyTo: string | null;
  /** Where one may publish. */
  readonly mine: readonly Kept[];
}

const fields = ['topic', 'title', 'body'];

/** Writes one article, and publishes it. */
export function Editor({ community, replyTo, mine }: EditorProps) {
  const state = useMemo(() => new EditorState(replyTo, communityOf(community)?.id ?? ''), [replyTo]);
  useEffect(() => void state.loadAnswered(community), [state]);
  const { topic, body, community: chosen } = state.draft.value;
  const kept = mine.find((one) => one.community === chosen) ?? mine[0];
  const problem = state.problem.value;
  const isHeld = useSignal(false);
  const publish = async (): Promise<void> => {
    if (!kept) return;
    isHeld.value = false;
    const published = await state.publish(kept);
    if (!published) return;
    if (published.held) {
      isHeld.value = true;
      announce('It waits until a moderator lets it in.');
      return;
    }
    const name = handleOf({ id: kept.community, name: kept.communityName });
    announce('It is published.');
    go({ view: 'article', community: name, id: replyTo ?? published.id });
  };
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void publish();
      }}
    >
      <Answered state={state} />
      <div class="pair">
        <Where state={state} mine={mine} chosen={kept?.community} />
        <Topic state={state} topic={topic} of={kept?.community} />
      </div>
      <Title state={state} isReply={replyTo !== null} />
      <BodyField body={body} problem={problem} change={(text) => state.change({ body: text })} />
      {isHeld.value && (
        <Notice kind="good" title="Sent. It waits until a moderator lets it in.">
          <p>In {kept?.communityName} somebody reads the first articles of new members before they are shown to all.</p>
        </Notice>
      )}
      {problem && !fields.includes(problem.field ?? '') && <ProblemNotice problem={problem} />}
      <Actions state={state} />
    </form>
  );
}

/** What a reply is to. */
function Answered({ state }: { readonly state: EditorState }) {
  const answered = state.answered.value;
  if (!answered) return null;
  return (
    <blockquote class="answered" dir="auto">
      <strong>{answered.heading}</strong>
      <span>
        {' '}
        by <bdi>{answered.author}</bdi>
      </span>
    </blockquote>
  );
}

function Where({
  state,
  mine,
  chosen,
}: {
  readonly state: EditorState;
  readonly mine: readonly Kept[];
  readonly chosen: string | undefined;
}) {
  return (
    <Field name="community" says="In">
      {(attributes) => (
        <select
          {...attributes}
          value={chosen}
          onChange={(event) => state.change({ community: event.currentTarget.value })}
        >
          {mine.map((one) => (
            <option key={one.community} value={one.community}>
              {one.communityName}, as {one.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Topic({
  state,
  topic,
  of,
}: {
  readonly state: EditorState;
  readonly topic: string;
  readonly of: string | undefined;
}) {
  const topics = communityOf(of ?? '')?.topics ?? [];
  return (
    <Field name="topic" says="Topic" problem={state.problem.value} hint="Words joined by dots, such as sports.chess.">
      {(attributes) => (
        <>
          <input
            {...attributes}
            required
            value={topic}
            maxLength={64}
            list="topics"
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => state.change({ topic: event.currentTarget.value })}
          />
          <datalist id="topics">
            {topics.map((known) => (
              <option key={known} value={known} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function Title({ state, isReply }: { readonly state: EditorState; readonly isReply: boolean }) {
  return (
    <Field
      name="title"
      says="Title"
      hint={isReply ? 'A reply needs none.' : 'May be left empty.'}
      problem={state.problem.value}
    >
      {(attributes) => (
        <input
          {...attributes}
          value={state.draft.value.title}
          maxLength={300}
          onInput={(event) => state.change({ title: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

function Actions({ state }: { readonly state: EditorState }) {
  return (
    <div class="actions">
      <button type="submit" class="button first" disabled={state.isSending.value}>
        {state.isSending.value ? 'Publishing…' : 'Publish'}
      </button>
      {state.draft.value.body !== '' && (
        <button type="button" class="button quiet-button" onClick={() => state.discard()}>
          Discard the draft
        </button>
      )}
      <p class="hint" role="status">
        {state.isKept.value
          ? 'The draft is kept on this device.'
          : 'This browser keeps no draft: do not close the page.'}
      </p>
    </div>
  );
}
