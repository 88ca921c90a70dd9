import type { Language } from './words.table.ts';

/** What the address asks for: `?company=ID` opens that company's log-in, `&role=legal|agent` logs in, `&auto=1` shows a code at once, `&lang=en` in English. */
export interface Preset {
  readonly companyId: string | null;
  /** Null: the page asks. */
  readonly role: 'legal' | 'agent' | null;
  readonly auto: boolean;
  readonly language: Language;
}

export function readPreset(search: string): Preset {
  const query = new URLSearchParams(search);
  return {
    companyId: query.get('company'),
    role: readRole(query),
    auto: query.get('auto') === '1',
    language: query.get('lang') === 'en' ? 'en' : 'zh-CN',
  };
}

function readRole(query: URLSearchParams): Preset['role'] {
  const role = query.get('role');
  if (role === 'legal' || role === 'agent') return role;
  return query.get('auto') === '1' ? 'legal' : null;
}
