import { useEffect, useRef } from 'preact/hooks';
import type { Network } from '../../api.js';
import type { Layout } from './layout.js';
import { paceMs } from './link-path.js';
import { type Inks, paint, readInks } from './paint.js';
import type { Box } from './view-box.js';

interface CanvasDrawingProps {
  readonly network: Network;
  readonly layout: Layout;
  readonly box: Box;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  readonly isCalm: boolean;
}

/** The map of more communities than can be drawn as elements. Who uses no pointer has the list, which says the same. */
export function CanvasDrawing({ network, layout, box, chosen, choose, isCalm }: CanvasDrawingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const placed = layout.placed.value;
  const links = layout.links.value;
  useEffect(() => {
    const { current } = canvas;
    const context = current?.getContext('2d');
    if (!current || !context) return undefined;
    const inks: Inks = readInks(current);
    const cuts = new Set(network.cutPoints);
    const isMoving = !isCalm && links.some(({ link }) => paceMs(link) !== undefined);
    let frame = 0;
    const draw = (time: number): void => {
      const [width, height] = [current.clientWidth * devicePixelRatio, current.clientHeight * devicePixelRatio];
      if (current.width !== Math.floor(width)) current.width = width;
      if (current.height !== Math.floor(height)) current.height = height;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, current.width, current.height);
      const scale = current.width / box.width;
      context.setTransform(scale, 0, 0, scale, -box.x * scale, -box.y * scale);
      paint(
        context,
        { placed, links, chosen, cuts, unit: box.width / current.clientWidth, timeMs: isCalm ? 0 : time },
        inks,
      );
      if (isMoving) frame = requestAnimationFrame(draw);
    };
    draw(0);
    return () => cancelAnimationFrame(frame);
  }, [placed, links, box, chosen, isCalm, network]);
  const pick = (event: MouseEvent): void => {
    const bounds = canvas.current?.getBoundingClientRect();
    if (!bounds) return;
    const x = box.x + ((event.clientX - bounds.left) / bounds.width) * box.width;
    const y = box.y + ((event.clientY - bounds.top) / bounds.height) * box.height;
    const hit = placed.find((one) => Math.hypot(one.x - x, one.y - y) <= one.radius + 4);
    if (hit) choose(hit.id);
  };
  return (
    <canvas
      ref={canvas}
      class="drawing"
      role="img"
      aria-label={`A drawing of ${placed.length} communities and ${links.length} links; the list says the same in words.`}
      onClick={pick}
    />
  );
}
