import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
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
  const box = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => box.current?.querySelector('input')?.focus(), [isAsked.value]);
  const run = (on: HTMLElement): void => {
    const heading = on.closest('section')?.querySelector('h2');
    isAsked.value = false;
    const given = reason.value === '' ? about : { ...about, reason: reason.value };
    // What the act was about is often gone then, and the place in the page with it.
    void state.act(act, given, done).then(() => {
      if (document.activeElement === document.body) heading?.focus();
    });
  };
  if (!isAsked.value)
    return (
      <button
        type="button"
        class="button"
        aria-label={`${says} ${whom}`}
        disabled={state.isActing.value}
        onClick={(event) => {
          if (asksWhy) isAsked.value = true;
          else run(event.currentTarget);
        }}
      >
        {says}
      </button>
    );
  return (
    <form
      ref={box}
      class="why"
      onSubmit={(event) => {
        event.preventDefault();
        run(event.currentTarget);
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
