/** Line drawings on a grid of 16; they take the colour of the text round them. */
const PATHS = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  tidy: "M2 3h4v3H2zM10 3h4v3h-4zM2 10h4v3H2zM10 10h4v3h-4zM6 4.5h4M6 11.5h4",
  layout:
    "M4.5 4.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM15.5 3.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM11 12.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM4.5 4.3l7-.6M3.8 6l4 5M12.4 5.2 10 10.8",
  undo: "M6 3 2.5 6.5 6 10M2.5 6.5h7a4 4 0 0 1 0 8H7",
  redo: "m10 3 3.5 3.5L10 10M13.5 6.5h-7a4 4 0 0 0 0 8H9",
  pause: "M5 3v10M11 3v10",
  play: "M4.5 2.5 13 8l-8.5 5.5Z",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3",
  moon: "M13.5 9.5A6 6 0 1 1 6.5 2.5a4.8 4.8 0 0 0 7 7Z",
  auto: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5h3.8M8 8h5M8 11h3.8",
  help: "M5.8 5.7A2.3 2.3 0 1 1 9 7.8c-.7.4-1 .8-1 1.7M8 12.2v.2",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
  down: "m4 6 4 4 4-4",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  sliders: "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 2.8v3.4M5.5 9.8v3.4",
  share: "M8 10V2M5 4.5 8 2l3 2.5M4.5 7H3v7h10V7h-1.5",
  link: "M6.5 9.5a2.5 2.5 0 0 0 3.5 0l3-3a2.5 2.5 0 0 0-3.5-3.5l-1 1M9.5 6.5a2.5 2.5 0 0 0-3.5 0l-3 3A2.5 2.5 0 0 0 6.5 13l1-1",
  image: "M2 3h12v10H2zM2 11l3.5-3.5 3 3L10.5 8.5l3.5 3.5M10.8 6v.1",
  file: "M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5",
  screen: "M1.5 3h13v8h-13zM5.5 14h5M8 11v3",
  expand: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  open: "M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4",
  table: "M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13",
  layers: "m8 2 6 3.2-6 3.2-6-3.2ZM2 8.2l6 3.2 6-3.2M2 11l6 3 6-3",
  tag: "M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3v.1",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5V8l2.3 1.5",
  funnel: "M2 3h12L9.5 8.5V13l-3-1.5v-3Z",
  target:
    "M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10ZM8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4ZM8 1v2M8 13v2M1 8h2M13 8h2",
  next: "m6 4 4 4-4 4",
  back: "M13 8H3M7 4 3 8l4 4",
  enter: "M9.5 2.5h4v11h-4M2.5 8h8M7 4.5 10.5 8 7 11.5",
  right: "M3 8h10M9 4l4 4-4 4",
  warning: "M8 2.2 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.1",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  pulse: "M1.5 8.5h3l2-5 3 9 2-4h3",
  source:
    "M8 6.5c3.3 0 5-1 5-2.2S11.3 2 8 2 3 3 3 4.3s1.7 2.2 5 2.2ZM3 4.3v7.4C3 13 4.7 14 8 14s5-1 5-2.3V4.3M3 8c0 1.3 1.7 2.3 5 2.3S13 9.3 13 8",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
  octagon: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5ZM6 6l4 4M10 6l-4 4",
  circle: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.3 8.2l1.9 1.9 3.6-4",
  skip: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.5 8h5",
  collapse: "M9.5 2.5v4h4M13.5 2.5l-4 4M6.5 13.5v-4h-4M2.5 13.5l4-4",
  lock: "M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2",
  unlock: "M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 0 1 4.9-.7",
  bookmark: "M4 2.5h8v11L8 10.6 4 13.5Z",
  save: "M2.5 2.5h8.5l2.5 2.5v8.5h-11ZM5 2.5v3.5h5v-3.5M5 13.5v-4h6v4",
  pencil: "M3 13l.6-3.1 7-7 2.5 2.5-7 7ZM9.3 4.2l2.5 2.5",
  trash: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4",
  people:
    "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c0-2.3 2-3.8 4.5-3.8s4.5 1.5 4.5 3.8M10.5 3.3a2.4 2.4 0 0 1 0 4.5M12 10c1.5.6 2.5 1.8 2.5 3.5",
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c0-2.8 2.4-4.5 5.5-4.5s5.5 1.7 5.5 4.5",
  exit: "M6.5 13.5h-4v-11h4M6 8h8M11 5l3 3-3 3",
  done: "m3 8.5 3.5 3.5L13 4.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
