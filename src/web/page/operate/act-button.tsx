import { useSignal } from '@preact/signals';
import type { About, Act, OperateState } from './operate-state.js';

interface ActButtonProps {
  readonly state: OperateState;
  readonly act: Act;
  readonly about: About;
  /** The word on the button, and about whom it is. */
  readonly says: string;
  readonly whom: string;
  /** What is told when it is done. */
  readonly done: string;
  /** Asks why before it is done; what it refuses or ends is asked about. */
  readonly asksWhy?: boolean;
}

/** Does one act; what takes something away is asked twice, with room for a reason. */
export function ActButton({ state, act, about, says, whom, done, asksWhy = false }: ActButtonProps) {
  const isAsked = useSignal(false);
  const reason = useSignal('');
  const run = (): void => {
    isAsked.value = false;
    void state.act(act, reason.value === '' ? about : { ...about, reason: reason.value }, done);
  };
  if (!isAsked.value)
    return (
      <button
        type="button"
        class="button"
        aria-label={`${says} ${whom}`}
        disabled={state.isActing.value}
        onClick={() => {
          if (asksWhy) isAsked.value = true;
          else run();
        }}
      >
        {says}
      </button>
    );
  return (
    <form
      class="why"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <label>
        Why {says.toLowerCase()} {whom}? They can read it.
        <input
          value={reason.value}
          maxLength={200}
          onInput={(event) => {
            reason.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="button danger">
        {says}
      </button>
      <button
        type="button"
        class="button quiet-button"
        onClick={() => {
          isAsked.value = false;
        }}
      >
        No
      </button>
    </form>
  );
}
