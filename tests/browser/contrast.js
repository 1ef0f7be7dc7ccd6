/* Holds the texts of a page against their ground, those aside of which it is known: `known` are the words of these.

   Whether a text reads is decided by its color, size and weight, and by what lies beneath: the colors of its element
   and of those around it, out to the first that nothing shines through. All of that is one word per element here; two
   elements of the same word read equally well, on whatever page. An element that may lie on top of others than those
   around it has no word, and is held anew each time.

   Gives the violations, and the words of what axe says can be read. */
async (known) => {
  const SHINES_THROUGH = /^rgba|\//, NOTHING = "rgba(0, 0, 0, 0)none";
  const styles = new Map(), grounds = new Map(), veils = new Map();
  const once = (map, element, make) => {
    if (!map.has(element)) map.set(element, make(element));
    return map.get(element);
  };
  const styleOf = (element) => once(styles, element, getComputedStyle);
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;

  const groundOf = (element) => once(grounds, element, () => {
    const { backgroundColor, backgroundImage, position, float } = styleOf(element), own = backgroundColor + backgroundImage;
    if (backgroundImage === "none" && !SHINES_THROUGH.test(backgroundColor)) return own;
    if (!["static", "relative"].includes(position) || float !== "none") return null;
    const beneath = element.parentElement ? groundOf(element.parentElement) : `${isDark}`;
    return beneath && (own === NOTHING ? beneath : `${own} ${beneath}`);
  });
  const veilOf = (element) => once(veils, element, () => {
    const style = styleOf(element), around = element.parentElement ? veilOf(element.parentElement) : "";
    const own = [style.opacity, style.filter, style.mixBlendMode].join();
    return own === "1,none,normal" ? around : `${own} ${around}`;
  });
  const wordOf = (element) => {
    const { color, fontSize, fontWeight, textShadow } = styleOf(element), ground = groundOf(element);
    return ground && [color, fontSize, fontWeight, textShadow, ground, veilOf(element)].join(" | ");
  };

  const hasText = (element) => element.matches("input, select, textarea")
    || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const words = new Set(known), asked = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!hasText(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const word = wordOf(element);
    if (!words.has(word)) asked.set(element, word);
  }
  if (!asked.size) return { violations: [], read: [] };

  const { violations, passes } = await axe.run({ include: [...asked.keys()] }, {
    runOnly: ["color-contrast"], resultTypes: ["violations", "passes"], elementRef: true, preload: false,
  });
  const read = passes.flatMap(({ nodes }) => nodes.map(({ element }) => asked.get(element)));
  return { violations: violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target }) => ({ target })) })),
           read: [...new Set(read)].filter(Boolean) };
}
