/**
 * What the tour shows, and where on the page that is; the first of the places that is there.
 * Where fingers do what a mouse or keys do, `hasTouch` says that there are words for them.
 */
export const TOUR = [
  { name: "picture", hasTouch: true, places: [".canvas"] },
  { name: "attention", hasTouch: false, places: [".overview-toggle", ".canvas"] },
  { name: "view", hasTouch: false, places: [".segments", ".toolbar"] },
  { name: "find", hasTouch: true, places: [".search", "#search"] },
  { name: "move", hasTouch: true, places: [".camera"] },
  { name: "keep", hasTouch: true, places: [".share .control"] },
] as const;
