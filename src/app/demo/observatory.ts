import { article, type DemoCommunity } from './demo-community.js';

export const observatory: DemoCommunity = {
  name: 'Observatory',
  about: 'The night sky for people with ordinary eyes, a chair, and sometimes a telescope.',
  topics: ['sky', 'telescope', 'space'],
  articles: [
    article(
      'Half an hour of nothing',
      { topic: 'sky.observing', author: 'Leila Haddad', at: '2025-01-11 20:00' },
      `The cheapest improvement to any telescope is to wait. Your pupils open within a minute, but the rods of the retina, which do
      the work at night, go on gaining for twenty to thirty minutes while the pigment that light has bleached is made anew. One
      glance at a phone, and you begin again.

      Rods hardly respond to deep red, so a dim red lamp spares them. They are also absent from the very centre of your gaze. To
      see a faint thing, look a little beside it: observers call it averted vision, and it feels like a trick the first time a
      grey smudge turns into a galaxy.`,
    ),
    article(
      'Saturn without its rings',
      { topic: 'sky.planets', author: 'Hugo Lindqvist', at: '2025-03-24 21:15' },
      `Twice in each of its years of nearly thirty of ours, Saturn turns its rings edge-on to us. Yesterday was such a day. They
      span some 280,000 kilometres, most of the way from here to the Moon, and for the greater part they are only tens of metres
      thick. Seen from the side they simply go out.

      It puzzled Galileo, who had seen two companions beside the planet in 1610 and found them gone two years later. Had Saturn,
      he asked, devoured his children? Christiaan Huygens explained it in the 1650s: a thin, flat ring that touches the planet
      nowhere.

      This time Saturn stood too near the Sun to be watched. The tilt will open again, slowly, until the early 2030s.`,
    ),
    article(
      'Light that left before there were people',
      { topic: 'sky.galaxies', author: 'Leila Haddad', at: '2025-04-02 22:10' },
      `The farthest thing most of us will ever see without a glass is a faint oval smear in Andromeda. It is a galaxy larger than
      our own, and its light has been on the way for about two and a half million years. When it set out, our ancestors were
      just learning to knock stones into edges.

      In the year 964 the Persian astronomer al-Sufi described it as a little cloud. That it lies beyond our own system of stars was
      settled only in the 1920s, when Edwin Hubble found a pulsating star in it by which the distance could be reckoned.

      Through a large telescope it disappoints: the eye sees the core alone. Use binoculars, and let it be large.`,
    ),
    article(
      'A camera as wide as seven moons',
      { topic: 'space.surveys', author: 'Hugo Lindqvist', at: '2025-06-25 09:30' },
      `On Monday the Vera C. Rubin Observatory in Chile showed its first pictures. Its mirror is 8.4 metres across, and its camera,
      of 3,200 megapixels and nearly three tonnes, takes in a field about seven full moons wide. It means to photograph the
      whole southern sky every few nights, for ten years.

      The point is not the single picture but the difference between two. Whatever moved, brightened or vanished is announced within
      about a minute, millions of times a night. In a few nights of its first tests it found more than two thousand asteroids
      that nobody had known.

      For amateurs it is good news: somebody has to look closer at all of that.`,
    ),
    article(
      'A visitor, the third',
      { topic: 'space.comets', author: 'Noor Rahman', at: '2025-07-12 23:00' },
      `On 1 July a survey telescope in Chile, one of the ATLAS network that looks out for asteroids, reported a faint moving point.
      Within a day its path was clear: far too fast and too open to be bound to the Sun. It is called 3I/ATLAS, the third object
      known to have come from between the stars, after ʻOumuamua in 2017 and Borisov in 2019.

      It is a comet; a haze of dust is about it. It passes the Sun at the end of October, well outside the orbit of the Earth, and
      then leaves for good. Nobody knows which star it left, or when. Every estimate begins with billions of years.`,
    ),
    article(
      'Sand grains at sixty kilometres a second',
      { topic: 'sky.meteors', author: 'Noor Rahman', at: '2025-08-10 18:45' },
      `The Perseids come round again this week. Each is a crumb that comet Swift–Tuttle lost on one of its visits, mostly no larger
      than a grain of sand, and it meets the air at 59 kilometres a second. What you see is not so much the grain burning as the air
      glowing, some eighty to a hundred kilometres up.

      They seem to come from Perseus for the same reason that rails seem to meet: their paths are parallel. So do not stare there.
      Lie on your back, look high up and away from the Moon, and go on until two in the morning, when our side of the Earth
      faces forward and sweeps up more of them. No telescope. It would only take the sky away.`,
    ),
    article(
      'Every sunset at once',
      { topic: 'sky.eclipses', author: 'Leila Haddad', at: '2025-09-08 06:20' },
      `Last night the Moon went through the shadow of the Earth, and from the hill we watched it rise already red. Why red, and
      not black? Because our air bends sunlight round the rim of the Earth into the shadow, and on that long way through it loses its
      blue. Someone standing on the Moon would have seen a dark Earth in a thin ring of fire: every sunrise and every sunset
      there was, all at the same time.

      How dark it becomes depends on the air. After the eruption of Pinatubo in 1991 the Moon of December 1992 almost disappeared.
      Last night it was copper, with a pale edge. Eleven of us came, and one owl.`,
    ),
    article(
      'The star that winks',
      { topic: 'sky.variables', author: 'Hugo Lindqvist', at: '2025-11-04 20:35' },
      `Each two days, twenty hours and forty-nine minutes Algol, in Perseus, fades to about a third of its light and recovers, all
      within ten hours. You need no instrument, only a neighbour to compare it with: Almach is usually its equal, and for a
      short while plainly brighter.

      John Goodricke of York, who was deaf and not yet nineteen, timed it in 1782 and 1783 and proposed that something dark goes
      round the star and hides part of it. He was right, though it took a century and the spectroscope to show it. The Royal
      Society gave him its Copley Medal at once.

      Estimates of that kind are still wanted. The AAVSO has collected them since 1911, and will have yours.`,
    ),
    article(
      'Seven sisters and a thousand brothers',
      { topic: 'sky.clusters', author: 'Noor Rahman', at: '2025-12-13 19:05' },
      `Most people count six Pleiades, people with keen eyes count nine or more, and almost every culture that named them says
      seven and then tells a tale about the one that went missing.

      There are over a thousand. They were born together about a hundred million years ago, which is young: no dinosaur of the
      Jurassic could have seen them. The blue mist on photographs was long taken for what is left of their cradle. It is not. The
      cluster is merely passing through a cloud that it never met before, and lights it up in passing.

      They lie some 440 light-years away. Binoculars show them best of all; a telescope sees only a part at a time.`,
    ),
    article(
      'How the moons of Jupiter were late',
      { topic: 'sky.planets', author: 'Leila Haddad', at: '2026-01-10 21:50' },
      `Jupiter stands opposite the Sun today, and any binoculars held firmly against a post will show its four large moons. They
      were the first clock that everyone on Earth could read, and it ran wrong. Ole Rømer, working at Paris in the 1670s, saw
      that the eclipses of Io came early when the Earth was near Jupiter and late when it was far.

      He concluded in 1676 that light takes time, about twenty-two minutes to cross the orbit of the Earth. It is really less than
      seventeen. But until then many had thought that light took no time at all, and what he had was a pendulum clock, patience,
      and the courage to believe a list of numbers.`,
    ),
    article(
      'A catalogue of things to ignore',
      { topic: 'sky.observing', author: 'Hugo Lindqvist', at: '2026-03-14 19:40' },
      `Charles Messier wanted comets. What vexed him were the faint patches that looked like comets and never moved, so he
      wrote them down in order not to be fooled twice. The first, in 1758, is what a star left that was seen to explode in 1054.
      His last printed list has 103; later hands added seven from his notes.

      So the most loved list in amateur astronomy was made as a list of nuisances. About the time of the new moon in March one
      can, from middle northern latitudes and with luck, see all 110 between dusk and dawn. We shall try next Saturday. Bring tea.
      The hardest are the first, low in the dusk, and the last, low in the dawn.`,
    ),
    article(
      'The giant that sneezed',
      { topic: 'sky.stars', author: 'Noor Rahman', at: '2026-03-29 20:25' },
      `In the winter of 2019 Betelgeuse, the red shoulder of Orion, grew fainter and fainter until in February 2020 it had less than half
      of its usual light. There was talk of a supernova. Then it came back as if nothing had happened.

      What astronomers pieced together afterwards is less grand and more curious. The star had thrown off a great blob of its own
      surface; the gas cooled on the way out, part of it turned to dust, and the dust drifted just into our line of sight.

      It will explode one day, for it is ten to twenty times as heavy as the Sun and burns its fuel accordingly. “One day” means some
      time in the next hundred thousand years or so. Look anyway.`,
    ),
    article(
      'Sixteen sunrises a day',
      { topic: 'space.stations', author: 'Leila Haddad', at: '2026-05-21 21:00' },
      `That very bright light which crosses the sky in about five minutes without blinking is the International Space Station. It
      goes round the Earth each hour and a half, some four hundred kilometres up, at about 28,000 kilometres an hour, so that its
      crew has sixteen sunrises a day.

      We see it only around dusk and dawn, when we are in the dark already and it is still in the light. When it
      fades in the middle of the sky, it has just flown into the Earth’s shadow: you have watched a sunset from outside.

      People have lived there without a break since November 2000. Wave. It does no harm.`,
    ),
    article(
      'Getting the mirrors to agree',
      { topic: 'telescope.care', author: 'Hugo Lindqvist', at: '2026-07-04 17:30' },
      `A reflecting telescope that shows stars as little comets is seldom bad and often only out of true. To collimate it takes ten
      minutes. Put the cap with the small hole where the eyepiece goes. First turn the small mirror until the whole of the large
      one stands in its middle; then tilt the large mirror, by the three screws behind it, until the reflection of the small one is
      centred too.

      Then try it on a star, high up, at high power, slightly out of focus. You should see rings, and they should be
      round about one centre. Let the tube cool first. Warm air inside it boils, and no screw is of any help against that.`,
    ),
    article(
      'Two minutes in August',
      { topic: 'sky.eclipses', author: 'Noor Rahman', at: '2026-08-15 10:10' },
      `We went to the north of Spain. On the twelfth, late in the day, the Moon’s shadow came over Greenland, brushed Iceland, which
      had waited for a total eclipse since 1954, and reached us with the Sun low above the hills.

      Nobody warns you about the wind, or about the colour: the light goes thin and metallic, shadows grow sharp, and birds
      fly home. And then there is a hole in the sky with white hair standing out around it. That is the corona, a million degrees hot and
      about as bright as a full moon. For less than two minutes you may look with bare eyes.

      It happens because the Sun is four hundred times as wide as the Moon and, by luck, four hundred times as far away.`,
    ),
  ],
};
