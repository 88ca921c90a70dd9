import type { Language } from './words.table.ts';

/** What the address asks for: `?company=ID` opens that company, `&auto=1` shows a code at once, `&lang=en` in English. */
export interface Preset {
  readonly companyId: string | null;
  readonly auto: boolean;
  readonly language: Language;
}

export function readPreset(search: string): Preset {
  const query = new URLSearchParams(search);
  return {
    companyId: query.get('company'),
    auto: query.get('auto') === '1',
    language: query.get('lang') === 'en' ? 'en' : 'zh-CN',
  };
}
