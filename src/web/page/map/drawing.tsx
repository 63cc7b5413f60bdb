import type { Network } from '../../api.js';
import { factsOf } from '../../reading/network-facts.js';
import { nameOf } from '../../reading/report-sentence.js';
import { CommunityMark } from './community-mark.js';
import type { Layout, Placed, PlacedLink } from './layout.js';
import { inCycles, linkPath, paceMs } from './link-path.js';
import { neighbour } from './neighbour.js';
import type { Box } from './view-box.js';

interface DrawingProps {
  readonly network: Network;
  readonly layout: Layout;
  readonly box: Box;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  /** Of more than so many only those that are chosen, large or away bear their names. */
  readonly mostNamed: number;
}

/** The map as a drawing, each community a button: for up to some hundred of them. */
export function Drawing({ network, layout, box, chosen, choose, mostNamed }: DrawingProps) {
  const placed = layout.placed.value;
  const isCircular = inCycles(network.cycles);
  const cuts = new Set(network.cutPoints);
  const entry = chosen ?? placed[0]?.id;
  const walk = (event: KeyboardEvent): void => {
    const at = placed.find(({ id }) => document.activeElement?.id === `map-${id}`);
    const next = at && neighbour(placed, at, event.key);
    if (!next) return;
    event.preventDefault();
    document.getElementById(`map-${next.id}`)?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds no drawing
    <svg
      class="drawing"
      viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
      role="group"
      aria-label="The network. The arrow keys go from community to community, Enter opens one."
      onKeyDown={walk}
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="5" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0.5 7 4 0 7.5z" />
        </marker>
      </defs>
      <g>
        {layout.links.value.map((link) => (
          <LinkLine
            key={`${link.link.from} ${link.link.to}`}
            of={link}
            isCircular={isCircular(link.link)}
            chosen={chosen}
          />
        ))}
      </g>
      {placed.map((one) => (
        <CommunityMark
          key={one.id}
          of={one}
          label={labelOf(one, network)}
          isChosen={one.id === chosen}
          isCut={cuts.has(one.id)}
          isNamed={placed.length <= mostNamed || one.id === chosen || one.radius > 22 || one.server.state === 'down'}
          isEntry={one.id === entry}
          choose={() => choose(one.id)}
        />
      ))}
    </svg>
  );
}

function labelOf({ server }: Placed, network: Network): string {
  const { state, size, links } = factsOf(server, network);
  return [nameOf(server), state, size, links.length === 0 ? 'reads no other' : links.join('; ')].join(', ');
}

interface LinkLineProps {
  readonly of: PlacedLink;
  readonly isCircular: boolean;
  readonly chosen: string | undefined;
}

function LinkLine({ of, isCircular, chosen }: LinkLineProps) {
  const { link } = of;
  const [x, y, cx, cy, endX, endY] = linkPath(of).map((value) => value.toFixed(1));
  const path = `M${x} ${y}Q${cx} ${cy} ${endX} ${endY}`;
  const pace = paceMs(link);
  const isOf = chosen !== undefined && (link.from === chosen || link.to === chosen);
  const classes = ['link', link.state, isCircular ? 'circular' : '', isOf ? 'near' : ''].filter((word) => word !== '');
  return (
    <g class={classes.join(' ')} data-from={link.from} data-to={link.to}>
      <path class="way-line" d={path} marker-end="url(#arrow)" />
      {pace !== undefined && <path class="flow" d={path} style={{ '--pace': `${pace}ms` }} />}
    </g>
  );
}
