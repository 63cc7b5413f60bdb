import { article, type DemoCommunity } from './demo-community.js';

export const hamlet: DemoCommunity = {
  name: 'Hamlet',
  about: 'Life in a small town: gardens, the repair café, the library, and who has seen the swifts.',
  topics: ['town', 'garden', 'nature'],
  articles: [
    article(
      'What a repair café is for',
      { topic: 'town.repair', author: 'Marit Solberg', at: '2025-01-18 10:00' },
      `The first repair café opened in Amsterdam in October 2009, when the journalist Martine Postma put people who own broken
      things and people who can mend them into one room. There are thousands now, and ours meets on the third Saturday.

      Bring the thing, not its ashes: a lamp that flickers is easier than a lamp that somebody has already opened. You sit
      beside the person who repairs it and hold the torch. That is the point. Most toasters fail for one of four reasons, and
      once you have seen a blown thermal fuse you will never again think that a dead appliance is a mystery.

      We weigh what leaves mended. Last year it was 214 kilograms.`,
    ),
    article(
      'Five peas in an envelope',
      { topic: 'garden.seeds', author: 'Old Tomasz', at: '2025-02-09 16:20' },
      `The seed drawer at the library lends as the shelves do: take some in spring, bring some back in autumn. Begin with peas,
      beans, lettuce or tomatoes. Their flowers mostly pollinate themselves, so the seed you save gives the plant you had.

      Squash and cucumbers are another matter. Bees carry their pollen about freely, and two kinds of squash in neighbouring
      gardens have children that look like neither. They are edible, usually, but the envelope will lie.

      Dry seed until it snaps instead of bending, write the name and the year, and keep it cool and dark. Parsnip is tired
      after a year. A tomato will wait for five.`,
    ),
    article(
      'Nobody needs a drill of their own',
      { topic: 'town.library', author: 'Ines Carvalho', at: '2025-02-27 08:45' },
      `You may have read that a household drill runs for thirteen minutes in its whole life. Nobody has been able to find where
      that number comes from, so let us not repeat it. What we can say is what our own cupboard says: the library’s drill went
      out 61 times last year and was never away for more than a weekend.

      The tool shelf also holds a tile cutter, two wallpaper steamers, a tall ladder and a sewing machine with a patient manual.
      Borrowing works as with a novel, for two weeks, with one difference: please bring things back clean, and say what broke.
      We would rather know.`,
    ),
    article(
      'The heap that steams',
      { topic: 'garden.compost', author: 'Old Tomasz', at: '2025-03-23 17:10' },
      `A compost heap is a kind of livestock. It eats about twenty-five to thirty parts of carbon to one of nitrogen, which in
      plain words is a good deal of brown (straw, leaves, torn cardboard) with some green (grass, peelings, coffee). It wants
      to be as damp as a wrung-out sponge, and it wants air.

      Given that, bacteria warm the middle to 55 degrees or more within days, hot enough to kill most weed seeds. When it cools,
      turn it: the outside goes in, and the warmth comes back.

      If it smells of ammonia, it has too much green. If it does nothing, it is dry, or small. A cubic metre keeps its own heat;
      a bucket does not.`,
    ),
    article(
      'They are back',
      { topic: 'nature.birds', author: 'Wren Adeyemi', at: '2025-05-05 19:30' },
      `First swifts over the mill at ten past six this evening, three of them, screaming. They left central Africa some weeks ago
      and have very likely not touched anything solid since last summer.

      That is not a figure of speech. In 2016 researchers in Lund published what small loggers on the backs of common swifts had
      recorded: some birds stayed in the air for the whole ten months between one breeding season and the next. They eat, drink
      and, it seems, sleep up there.

      They nest under eaves and are faithful to the hole. So, before you have your roof done, look up in June, and ask the
      roofer to leave the gap or to put a swift brick beside it.`,
    ),
    article(
      'Thirteen centimetres',
      { topic: 'nature.hedgehogs', author: 'Wren Adeyemi', at: '2025-06-14 21:05' },
      `A hedgehog walks a kilometre or two in a night, and it cannot climb your new fence. The remedy costs nothing: a hole at the
      foot of it, thirteen centimetres square. That lets a hedgehog pass and keeps nearly every dog at home.

      Nine gardens between the church and the brook are joined up already. On the map in the library each hole is a green pin,
      and the line of pins stops at the corner of Mill Lane. You know who you are.

      Put out water, not milk, which they cannot digest. And look before you light a bonfire or start the strimmer.`,
    ),
    article(
      'One millimetre is one litre',
      { topic: 'garden.water', author: 'Ines Carvalho', at: '2025-07-08 07:50' },
      `A millimetre of rain on a square metre is a litre of water, exactly. It is the only conversion a gardener needs. The shed
      roof is twelve square metres, so last night’s nine millimetres were a hundred litres, and the barrel that overflowed was
      telling the truth.

      Some of it goes: the first rain wets the tiles and washes them, and a gutter spills. Count on four fifths. Cover the barrel,
      because mosquitoes need only a week or so of still water, and because children are curious.

      Water in the morning, at the root, seldom and much. A daily sprinkle teaches roots to stay at the top, where the ground
      dries first.`,
    ),
    article(
      'The box on the corner',
      { topic: 'town.library', author: 'Marit Solberg', at: '2025-08-19 12:00' },
      `The book box by the bakery has a grandfather. In 2009 Todd Bol of Hudson, Wisconsin, built a small wooden schoolhouse in
      memory of his mother, who had been a teacher, filled it with books and set it on a post in his garden. Take one, leave one.
      There are now well over a hundred thousand such boxes, in more than a hundred countries.

      Ours has rules only in the sense that weather has rules. Books that are damp go to the repair café to be dried between
      boards. Encyclopaedias are kindly asked to stay at home. And whoever keeps leaving the fourth volume of a series of five:
      we are waiting.`,
    ),
    article(
      'When noon came ten minutes late',
      { topic: 'town.history', author: 'Gerrit Vos', at: '2025-10-02 18:15' },
      `Before the railways each town kept the time of its own sun. Nobody minded, since nobody could go anywhere fast enough to
      notice. Bristol stood some ten minutes behind London, and the clock on its Corn Exchange still has two minute hands, one
      for the town and one for the trains.

      The timetable won, as it does. British railways took London time in the 1840s, and the law followed only in 1880, after
      decades in which a court or a public house could open by either clock.

      Our own church clock runs four minutes slow. I like to think that it is not wrong but loyal.`,
    ),
    article(
      'Counting a hedge',
      { topic: 'nature.plants', author: 'Gerrit Vos', at: '2025-11-16 14:25' },
      `Max Hooper noticed, in the 1960s, that old English hedges hold more kinds of woody plant than young ones, and gave walkers
      a rule of thumb: in a stretch of thirty yards, one species for each hundred years. It is rough, and hedges that were planted
      mixed to begin with make a fool of it. Hooper said so himself.

      Still, it is a fine excuse for a winter walk. Behind the school I count hazel, hawthorn, field maple, dogwood and holly.
      By the rule that is five centuries, and the parish map of 1611 does show a line just there.

      Go while the leaves are down. Buds and bark tell you more than you would think.`,
    ),
    article(
      'The oven on Fridays',
      { topic: 'town.kitchen', author: 'Bettina Kraus', at: '2026-01-23 06:30' },
      `A big oven of brick is a clock that runs down. We fire it at four in the morning until the dome turns from black to white,
      which is soot burning off and means it is hot enough. Then the embers come out, the floor is swabbed, and everything bakes
      in the order of its temper: flat breads first, loaves when a pinch of flour on the floor browns but does not burn, cakes
      after, and beans in a pot overnight.

      Villages shared ovens for a plain reason. It takes a great heap of wood to heat the first loaf, and almost nothing more to
      bake the hundredth. So bring your dough by seven, with your mark cut into it.`,
    ),
    article(
      'Where the frost lies',
      { topic: 'garden.weather', author: 'Old Tomasz', at: '2026-03-11 07:05' },
      `Cold air is heavier than warm, and on a still, clear night it runs downhill like slow water and gathers behind walls and
      hedges that lie across the slope. That is why the apples at the bottom of the lane lose their blossom when those at the top
      do not, though they are nearer to the sea by the height of a house.

      A gap at the low end of the garden lets the cold drain away. A wall that faces south gives back at night what it took in
      the day. And a cloth over the beans works only if it reaches the ground, because what it keeps in is the warmth of the soil.`,
    ),
    article(
      'Bees without a queen',
      { topic: 'nature.bees', author: 'Wren Adeyemi', at: '2026-04-07 11:40' },
      `There are about twenty thousand kinds of bee, and most of them live alone. The red mason bee, which is the furry one now
      inspecting your keyholes, lays her eggs one behind another in any tube of the right width, with a wall of mud after each.
      Daughters at the back, sons at the front, for the sons leave first.

      She has no honey to guard and will hardly sting. To make her a home, drill holes of six to nine millimetres into hard, dry
      wood, deep and with clean edges, and hang it in the morning sun. No pine cones, no glass: they look nice in the shop, and
      nothing lives there.`,
    ),
    article(
      'Thirteen runners',
      { topic: 'town.sport', author: 'Bettina Kraus', at: '2026-06-06 12:10' },
      `On 2 October 2004 thirteen people ran five kilometres in Bushy Park, in the south-west of London, and had their times
      written down by volunteers. They did it again a week later. That is the whole idea of parkrun, and it has since happened in
      more than two thousand places.

      Our own lap is the mill pond, twice round and up to the chapel. Today we were thirteen as well, counting the dog. The
      fastest took nineteen minutes; the two who came last had pushed a pram and finished a conversation that had been going on
      since April. Everyone had the same tea.`,
    ),
    article(
      'A letter from a twin',
      { topic: 'town.history', author: 'Gerrit Vos', at: '2026-09-20 15:55' },
      `In 1944, with the war still going on, Coventry and Stalingrad, two cities that had been bombed flat, declared themselves
      twins. Women of Coventry had embroidered a tablecloth with more than eight hundred of their names and sent it, with the
      coins that each had put in. It is often named as the first of the modern twinnings; thousands followed once the war was over, most of
      them between small places that wished to have somebody to visit.

      Our twin is smaller than we are. They wrote this week to ask whether the children would like to exchange recipes for soup.
      The children would rather exchange jokes, and have begun to translate some. It is harder than soup.`,
    ),
  ],
};
