const forLinks = new Set(['http:', 'https:', 'mailto:']);
/** What the gateway's Content-Security-Policy lets a page show when it is asked to. */
const forPictures = new Set(['https:']);

/** The address of a link in an article, where it is one that may be followed: absolute, and nothing that runs. */
export function linkAddress(text: string): string | undefined {
  return parsed(text, forLinks)?.href;
}

/** The address of a picture in an article, and the host that would learn who looks at it. */
export function pictureAddress(text: string): { readonly href: string; readonly host: string } | undefined {
  const url = parsed(text, forPictures);
  return url && { href: url.href, host: url.host };
}

function parsed(text: string, protocols: ReadonlySet<string>): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && protocols.has(url.protocol) ? url : undefined;
}
