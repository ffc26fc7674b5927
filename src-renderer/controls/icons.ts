/** Line icons on a 20 × 20 grid, stroke 1.5, drawn with the text's colour. */
export const icons = {
  build: 'M3 4.5h5.5v4H3zM11.5 11.5H17v4h-5.5zM8.5 6.5h3.2a2 2 0 0 1 2 2v3',
  train: 'M3 3.5v13h14M5.5 6c1.6 6 4.5 7.4 11 7.6',
  search: 'M4 3v14M10 3v14M16 3v14M4 12.5l6-6 6 8',
  compare: 'M3 5h14M3 10h14M3 15h14M8 3v14',
  learn: 'M3 4.5c3-1 5 0 7 1 2-1 4-2 7-1v11c-3-1-5 0-7 1-2-1-4-2-7-1zM10 5.5v11',
  settings: 'M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 4v4M7.5 12v4',
  play: 'M6 4l10 6-10 6z',
  pause: 'M7 4.5v11M13 4.5v11',
  stop: 'M5.5 5.5h9v9h-9z',
  check: 'M4 10.5l4 4 8-9',
  cross: 'M5 5l10 10M15 5L5 15',
  chevron: 'M6 8l4 4 4-4',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  up: 'M10 16V4M5 9l5-5 5 5',
  down: 'M10 4v12M5 11l5 5 5-5',
  warn: 'M10 3.5l7.5 13h-15zM10 8.5v3.5M10 14.2h.01',
  broken: 'M3 10h4l2 4 2-8 2 4h4',
  undo: 'M4 8h8.5a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5',
  table: 'M3 4.5h14v11H3zM3 8.5h14M8 8.5v7',
  save: 'M10 3v9M6.5 8.5L10 12l3.5-3.5M4 16h12',
  globe: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c2.2 2 3 4.3 3 7s-.8 5-3 7c-2.2-2-3-4.3-3-7s.8-5 3-7z',
  arrow: 'M4 10h12M11 5l5 5-5 5',
  plus: 'M10 4v12M4 10h12',
  flatten: 'M3 6h4v8H3zM9 10h5M17 5v10M12 8l2.5 2-2.5 2',
  dense: 'M4 4.5v11M8 4.5v11M12 4.5v11M16 4.5v11',
  activation: 'M3 14.5h6l7.5-9',
  sigmoid: 'M3 15c5 0 6.5-.5 7-5s2-5 7-5',
  input: 'M4 4h12v12H4zM4 10h12M10 4v12',
  loss: 'M3 3.5v13h14M6 14l3-4 3 1.5 4-6'
} as const;

export type IconName = keyof typeof icons;
