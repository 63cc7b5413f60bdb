import type { FastifyHelmetOptions } from '@fastify/helmet';

const none = ["'none'"];
const own = ["'self'"];

/** The page brings all it needs, and loads nothing from anybody else. */
export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      scriptSrc: own,
      styleSrc: own,
      // Pictures in articles: the page asks for one when its reader does, and never before.
      imgSrc: [...own, 'https:'],
      fontSrc: own,
      connectSrc: own,
      manifestSrc: own,
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
  },
  crossOriginEmbedderPolicy: false,
  // Whoever puts TLS in front says so for the whole of their name.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
};
