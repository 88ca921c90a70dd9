/** The names of every colour of the window: a component uses `var(--name)` and never a literal. */
export interface ColourTokens {
  readonly ink: string;
  readonly 'ink-2': string;
  readonly label: string;
  readonly line: string;
  readonly 'line-strong': string;
  readonly ground: string;
  readonly card: string;
  readonly hover: string;
  readonly brand: string;
  readonly 'brand-fill': string;
  readonly 'on-fill': string;
  readonly 'brand-soft': string;
  readonly 'brand-line': string;
  readonly bar: string;
  readonly 'bar-bad': string;
  readonly verified: string;
  readonly 'verified-soft': string;
  readonly 'verified-band': string;
  readonly refused: string;
  readonly 'refused-soft': string;
  readonly 'refused-band': string;
  readonly caution: string;
  readonly 'caution-soft': string;
  readonly 'caution-band': string;
  readonly 'on-caution': string;
  readonly 'unknown-band': string;
  readonly 'person-band': string;
  readonly dot: string;
  readonly 'dot-warn': string;
  readonly 'dot-bad': string;
  readonly desk: string;
  readonly drawing: string;
  readonly 'drawing-2': string;
  readonly 'drawing-fill': string;
  readonly veil: string;
  readonly watermark: string;
}

export type ThemeName = 'light' | 'dark' | 'contrast';

const light: ColourTokens = {
  ink: '#16202e',
  'ink-2': '#4a596d',
  label: '#5f6e83',
  line: '#e1e7ef',
  'line-strong': '#c5d0de',
  ground: '#f3f6fa',
  card: '#ffffff',
  hover: '#f3f6fa',
  brand: '#1450a8',
  'brand-fill': '#1450a8',
  'on-fill': '#ffffff',
  'brand-soft': '#e8f0fb',
  'brand-line': '#b9d0f2',
  bar: '#b9d0f2',
  'bar-bad': '#e08890',
  verified: '#0a6b3a',
  'verified-soft': '#e6f4ec',
  'verified-band': '#08633a',
  refused: '#a8071a',
  'refused-soft': '#fdecee',
  'refused-band': '#a8071a',
  caution: '#8a5a00',
  'caution-soft': '#fff5dc',
  'caution-band': '#ffc53d',
  'on-caution': '#3a2600',
  'unknown-band': '#4a5565',
  'person-band': '#1450a8',
  dot: '#17a34a',
  'dot-warn': '#e59a00',
  'dot-bad': '#d4162b',
  desk: '#dfe5ee',
  drawing: '#1450a8',
  'drawing-2': '#8ea1ba',
  'drawing-fill': '#e8f0fb',
  veil: 'rgba(16, 26, 42, 0.45)',
  watermark: '#5a6b82',
};

const dark: ColourTokens = {
  ink: '#e8eef6',
  'ink-2': '#b3c0d1',
  label: '#93a3b8',
  line: '#2a3747',
  'line-strong': '#45566b',
  ground: '#0e151e',
  card: '#16202c',
  hover: '#1d2938',
  brand: '#7fb0ff',
  'brand-fill': '#2158b3',
  'on-fill': '#ffffff',
  'brand-soft': '#1a2d4a',
  'brand-line': '#2f4f80',
  bar: '#35578c',
  'bar-bad': '#c25862',
  verified: '#5fd092',
  'verified-soft': '#12301f',
  'verified-band': '#08633a',
  refused: '#ff9aa2',
  'refused-soft': '#3a161b',
  'refused-band': '#a8071a',
  caution: '#ffc966',
  'caution-soft': '#362808',
  'caution-band': '#ffc53d',
  'on-caution': '#3a2600',
  'unknown-band': '#4a5565',
  'person-band': '#1d4f9f',
  dot: '#35c46d',
  'dot-warn': '#f2b134',
  'dot-bad': '#ff6b78',
  desk: '#0b1119',
  drawing: '#8ab6ff',
  'drawing-2': '#6b7f99',
  'drawing-fill': '#1a2d4a',
  veil: 'rgba(0, 0, 0, 0.6)',
  watermark: '#5a6b82',
};

const contrast: ColourTokens = {
  ...dark,
  ink: '#ffffff',
  'ink-2': '#ffffff',
  label: '#e6e6e6',
  line: '#ffffff',
  'line-strong': '#ffffff',
  ground: '#000000',
  card: '#000000',
  hover: '#262626',
  brand: '#ffe45c',
  'brand-fill': '#ffe45c',
  'on-fill': '#000000',
  'brand-soft': '#2b2600',
  'brand-line': '#ffe45c',
  bar: '#9ec5ff',
  'bar-bad': '#ff8a94',
  verified: '#7dffb0',
  'verified-soft': '#002b14',
  'verified-band': '#00552b',
  refused: '#ffb3b9',
  'refused-soft': '#3d0007',
  'refused-band': '#8f0012',
  caution: '#ffd75e',
  'caution-soft': '#2e2200',
  'unknown-band': '#333d4a',
  'person-band': '#0d3f91',
  drawing: '#ffe45c',
  'drawing-2': '#ffffff',
  'drawing-fill': '#2b2600',
  desk: '#1a1a1a',
};

/** The three themes, complete: the compiler refuses one that lacks a colour. */
export const themes: Readonly<Record<ThemeName, ColourTokens>> = { light, dark, contrast };

/** Text on ground pairs that must keep a contrast, with the least ratio; a test measures each in each theme. */
export const contrastPairs: readonly { readonly text: keyof ColourTokens; readonly on: keyof ColourTokens; readonly least: number }[] = [
  { text: 'ink', on: 'card', least: 7 },
  { text: 'ink', on: 'ground', least: 7 },
  { text: 'ink-2', on: 'card', least: 4.5 },
  { text: 'ink-2', on: 'ground', least: 4.5 },
  { text: 'label', on: 'card', least: 4.5 },
  { text: 'label', on: 'ground', least: 4.5 },
  { text: 'brand', on: 'card', least: 4.5 },
  { text: 'brand', on: 'brand-soft', least: 4.5 },
  { text: 'on-fill', on: 'brand-fill', least: 4.5 },
  { text: 'verified', on: 'card', least: 4.5 },
  { text: 'verified', on: 'verified-soft', least: 4.5 },
  { text: 'verified', on: 'brand-soft', least: 4.5 },
  { text: 'refused', on: 'card', least: 4.5 },
  { text: 'refused', on: 'refused-soft', least: 4.5 },
  { text: 'caution', on: 'card', least: 4.5 },
  { text: 'caution', on: 'caution-soft', least: 4.5 },
  { text: 'caution', on: 'brand-soft', least: 4.5 },
  { text: 'on-caution', on: 'caution-band', least: 7 },
];

/** Sets the theme's colours as CSS variables on the root element. */
export function applyTheme(root: HTMLElement, name: ThemeName): void {
  root.dataset['theme'] = name;
  root.style.colorScheme = name === 'light' ? 'light' : 'dark';
  for (const [token, value] of Object.entries(themes[name])) root.style.setProperty(`--${token}`, value);
}

/** The WCAG 2 contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrastRatio(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
