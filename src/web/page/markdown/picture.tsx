import { useState } from 'preact/hooks';
import { pictureAddress } from '../../reading/safe-address.js';

/** A picture of another host: loading it would tell that host who reads, so the reader is asked first. */
export function Picture({ address, says }: { readonly address: string; readonly says: string }) {
  const [state, setState] = useState<'asked' | 'shown' | 'failed'>('asked');
  const picture = pictureAddress(address);
  if (!picture) return <span class="no-link">{says || 'A picture'} (not shown: its address is not an https one)</span>;
  if (state === 'shown')
    return <img src={picture.href} alt={says} referrerPolicy="no-referrer" onError={() => setState('failed')} />;
  return (
    <span class="picture">
      <span>
        {says || 'A picture'} <small>from {picture.host}, which would learn that you look at it</small>
      </span>
      {state === 'failed' && <span>It could not be loaded.</span>}
      <button type="button" class="button" onClick={() => setState('shown')}>
        {state === 'failed' ? 'Try again' : 'Show the picture'}
      </button>
    </span>
  );
}
