const PATHS = {
  merge: 'M4 4h7v12H4z M13 8h7v12h-7z M11 12h2',
  compress: 'M12 3v6 M9 6.5 12 9.5l3-3 M12 21v-6 M9 17.5l3-3 3 3 M4 12h16',
  image: 'M4 5h16v14H4z M4 16l5-5 4 4 2-2 5 5 M15.5 9.5h.01',
  upload: 'M12 16V4 M7 9l5-5 5 5 M4 20h16',
  plus: 'M12 5v14 M5 12h14',
  up: 'M12 19V5 M6 11l6-6 6 6',
  down: 'M12 5v14 M6 13l6 6 6-6',
  left: 'M19 12H5 M11 6l-6 6 6 6',
  right: 'M5 12h14 M13 6l6 6-6 6',
  rotateRight: 'M19 5v5h-5 M19 10a8 8 0 1 0 1 6',
  rotateLeft: 'M5 5v5h5 M5 10a8 8 0 1 1-1 6',
  copy: 'M8 8h12v12H8z M16 8V4H4v12h4',
  remove: 'M5 7h14 M10 7V4h4v3 M7 7l1 13h8l1-13 M10.5 11v5 M13.5 11v5',
  close: 'M6 6l12 12 M18 6 6 18',
  grip: 'M9 6h.01 M15 6h.01 M9 12h.01 M15 12h.01 M9 18h.01 M15 18h.01',
  download: 'M12 4v12 M7 11l5 5 5-5 M4 20h16',
  lock: 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  check: 'M5 12.5 10 17.5 19 7',
  alert: 'M12 4 21 20H3z M12 10v4 M12 17h.01',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M12 7v5l3 2',
  compare: 'M12 3v18 M4 6h5v12H4z M15 6h5v12h-5z',
  zoomIn: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z M16 16l4 4 M11 8v6 M8 11h6',
  zoomOut: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z M16 16l4 4 M8 11h6',
  file: 'M6 3h8l4 4v14H6z M14 3v4h4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.4 1.4 M17.6 17.6 19 19 M19 5l-1.4 1.4 M6.4 17.6 5 19',
  offline: 'M4 4l16 16 M5 11a10 10 0 0 1 4-2.4 M19 11a10 10 0 0 0-5-2.7 M8.5 15a5 5 0 0 1 6-1 M12 19h.01',
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon of 20 px. The text beside it, or the label of its button, says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
