import type { FontRequest } from './canvas.ts';

/** Which of the caller's families stands in for a font of this name. */
export type FallbackFamily = 'serif' | 'sans' | 'kai' | 'mono';

/** Chooses by the names that documents use: SimSun and FangSong are serifs, KaiTi is written by brush, the rest is plain. */
export function chooseFallback({ font }: FontRequest): FallbackFamily {
  const name = `${font?.name ?? ''} ${font?.family ?? ''}`.toLowerCase();
  if (/kai|楷/.test(name)) return 'kai';
  if (/courier|consol|mono|ocr/.test(name) || font?.fixedWidth === true) return 'mono';
  if (/hei|黑|yahei|雅黑|arial|helvet|calibri|verdana|tahoma|sans|dengxian|等线|pingfang/.test(name)) return 'sans';
  if (/song|sun|宋|ming|fang|仿|times|serif|roman|georgia|cambria/.test(name) || font?.serif === true) return 'serif';
  return name.trim() === '' ? 'serif' : 'sans';
}
