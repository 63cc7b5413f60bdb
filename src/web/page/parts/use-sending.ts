import { useSignal } from '@preact/signals';
import type { Problem } from '../../api.js';
import { problemOf } from '../../reading/ask.js';

/** Something sent to the gateway: whether it is under way, and with what it was refused. */
export function useSending() {
  const isSending = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  /** Sends once at a time. What is thrown is kept to be shown. */
  const send = async (work: () => Promise<void>): Promise<void> => {
    if (isSending.value) return;
    isSending.value = true;
    problem.value = undefined;
    try {
      await work();
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      isSending.value = false;
    }
  };
  return { isSending, problem, send };
}
