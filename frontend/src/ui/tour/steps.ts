/** What the tour shows, and where on the page that is; the first of the places that is there. */
export const TOUR = [
  { name: "picture", places: [".canvas"] },
  { name: "attention", places: [".overview-toggle", ".canvas"] },
  { name: "view", places: [".segments", ".toolbar"] },
  { name: "find", places: [".search", "#search"] },
  { name: "move", places: [".camera"] },
  { name: "keep", places: [".share .control"] },
] as const;
