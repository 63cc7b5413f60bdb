import { nameOf } from '../../reading/report-sentence.js';
import type { Placed } from './layout.js';

interface CommunityMarkProps {
  readonly of: Placed;
  readonly label: string;
  readonly isChosen: boolean;
  readonly isCut: boolean;
  readonly isNamed: boolean;
  /** The one that Tab leads to; from there the arrow keys lead on. */
  readonly isEntry: boolean;
  readonly choose: () => void;
}

/** A community on the map: a disc answers, a crossed square does not, a dashed diamond is known by a link alone. */
export function CommunityMark({ of, label, isChosen, isCut, isNamed, isEntry, choose }: CommunityMarkProps) {
  const { server, radius, x, y } = of;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
    <g
      class={`community ${server.state}${isChosen ? ' chosen' : ''}`}
      id={`map-${of.id}`}
      transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
      role="button"
      tabindex={isEntry ? 0 : -1}
      aria-label={label}
      aria-pressed={isChosen}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
      }}
    >
      {isCut && <circle class="cut" r={radius + 5} />}
      <Shape state={server.state} radius={radius} />
      {isNamed && <text y={nameAt(of, isCut)}>{nameOf(server)}</text>}
    </g>
  );
}

/** On the side that looks outwards: most links come from the middle. */
function nameAt({ y, radius }: Placed, isCut: boolean): number {
  const edge = radius + (isCut ? 6 : 0);
  return y < 0 ? -edge - 6 : edge + 15;
}

function Shape({ state, radius }: { readonly state: Placed['server']['state']; readonly radius: number }) {
  if (state === 'up') return <circle class="shape" r={radius} />;
  const side = radius * 0.88;
  if (state === 'unknown') return <path class="shape" d={`M0 ${-radius}L${radius} 0 0 ${radius} ${-radius} 0z`} />;
  const arm = side * 0.55;
  return (
    <>
      <rect class="shape" x={-side} y={-side} width={2 * side} height={2 * side} rx="3" />
      <path class="cross" d={`M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}`} />
    </>
  );
}
