import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Notice } from './notice.js';

interface LaterProps {
  readonly of: () => Promise<ComponentType>;
}

/** A view whose code is loaded when it is first opened. */
export function Later({ of }: LaterProps) {
  const [state, setState] = useState<{ readonly View: ComponentType } | 'failed'>();
  useEffect(() => {
    let isWanted = true;
    of().then(
      (View) => isWanted && setState({ View }),
      () => isWanted && setState('failed'),
    );
    return () => {
      isWanted = false;
    };
  }, [of]);
  if (state === undefined) return <p class="quiet">Loading…</p>;
  if (state !== 'failed') return <state.View />;
  return (
    <Notice kind="bad" title="This part of the page could not be loaded.">
      <p>The gateway may have been renewed, or cannot be reached. Reload the page.</p>
    </Notice>
  );
}
