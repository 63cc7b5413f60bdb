import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Network } from '../../api.js';
import { CanvasDrawing } from './canvas-drawing.js';
import { Drawing } from './drawing.js';
import { Layout } from './layout.js';
import { type Box, moved, wholeMap, zoomed } from './view-box.js';

interface MapStageProps {
  readonly network: Network;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

/** More are painted than drawn: a browser moves some thousand elements, not ten thousand. */
const mostDrawn = 400;
const wideAspect = 1.6;
const narrowAspect = 1;

/** The map with what brings it closer, for pointer, finger and keys. */
export function MapStage({ network, chosen, choose }: MapStageProps) {
  const layout = useMemo(() => new Layout(), []);
  const isCalm = useMemo(() => matchMedia('(prefers-reduced-motion: reduce)').matches, []);
  const aspect = useMemo(() => (matchMedia('(max-width: 46rem)').matches ? narrowAspect : wideAspect), []);
  const own = useSignal<Box | null>(null);
  const held = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  useMemo(() => layout.update(network, isCalm), [network]);
  useEffect(() => () => layout.stop(), [layout]);
  const width = useWidth(stage);
  const box = own.value ?? wholeMap(layout.placed.value, aspect);
  const zoom = (factor: number, at?: { x: number; y: number }): void => {
    own.value = zoomed(box, factor, at);
  };
  const share = (event: MouseEvent): { x: number; y: number } => {
    const bounds = stage.current?.getBoundingClientRect();
    if (!bounds) return { x: 0.5, y: 0.5 };
    return { x: (event.clientX - bounds.left) / bounds.width, y: (event.clientY - bounds.top) / bounds.height };
  };
  const drag = (event: PointerEvent): void => {
    if (!held.current || event.buttons === 0) return;
    const at = share(event);
    own.value = moved(box, (held.current.x - at.x) * box.width, (held.current.y - at.y) * box.height);
    held.current = at;
  };
  const isLarge = network.servers.length > mostDrawn;
  return (
    <div class="stage">
      <div
        ref={stage}
        class="stage-window"
        style={{ '--unit': String(box.width / width.value) }}
        onPointerDown={(event) => {
          held.current = share(event);
        }}
        onPointerMove={drag}
        onPointerUp={() => {
          held.current = null;
        }}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, share(event));
        }}
      >
        {isLarge ? (
          <CanvasDrawing network={network} layout={layout} box={box} chosen={chosen} choose={choose} isCalm={isCalm} />
        ) : (
          <Drawing
            network={network}
            layout={layout}
            box={box}
            chosen={chosen}
            choose={choose}
            mostNamed={aspect === narrowAspect ? 16 : 120}
          />
        )}
      </div>
      <ZoomButtons
        zoom={zoom}
        showAll={() => {
          own.value = null;
        }}
      />
    </div>
  );
}

/** How wide `of` is shown, in CSS pixels. */
function useWidth(of: RefObject<HTMLElement | null>): ReadonlySignal<number> {
  const width = useSignal(800);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      width.value = entry?.contentRect.width || width.value;
    });
    if (of.current) watch.observe(of.current);
    return () => watch.disconnect();
  }, []);
  return width;
}

interface ZoomButtonsProps {
  readonly zoom: (factor: number) => void;
  readonly showAll: () => void;
}

function ZoomButtons({ zoom, showAll }: ZoomButtonsProps) {
  return (
    <div class="zoom">
      <button type="button" class="button" aria-label="Closer" onClick={() => zoom(1.4)}>
        +
      </button>
      <button type="button" class="button" aria-label="Further" onClick={() => zoom(1 / 1.4)}>
        −
      </button>
      <button type="button" class="button" onClick={showAll}>
        All
      </button>
    </div>
  );
}
