import type { FileField } from './sheet-source.ts';

/**
 * How a value of the interface stands to the file: the file states the same under this name, prints it on a page, states something
 * else, or does not have it.
 */
export type FieldState = 'same' | 'printed' | 'different' | 'absent';

/** One line of the comparison; `stated` is what the file says under this name. */
export interface ComparedField {
  readonly label: string;
  readonly value: string;
  readonly stated: string | null;
  readonly state: FieldState;
}

/** Names that certificates use for what the interface names in words (GB/T 36903 by its initials). */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  ZZMC: ['证照名称'],
  ZZBH: ['证照编号', '证号', '编号', '许可证编号', '核准号', '注册号'],
  ZZBFJG: ['颁发机构', '发证机关', '登记机关', '证照颁发机构'],
  ZZBFRQ: ['颁发日期', '发证日期', '核准日期'],
  CZZT: ['持证主体', '名称', '企业名称', '单位名称'],
  CZZTDM: ['统一社会信用代码', '持证主体代码'],
  ZZYXQQSRQ: ['有效期自', '有效期起始日期'],
  ZZYXQJZRQ: ['有效期至', '有效期截止日期'],
};

/** Holds the interface's data against the file: its fields first, then the text of its pages. */
export function compareFields(surface: readonly { readonly label: string; readonly value: string }[], fields: readonly FileField[], pageText: string): ComparedField[] {
  const text = plain(pageText);
  return surface.map(({ label, value }) => {
    const named = fields.find(({ name }) => plain(name) === plain(label));
    const guessed = fields.find(({ name }) => otherNames[name]?.includes(label.trim()));
    const stated = (named ?? guessed)?.value ?? null;
    const isPrinted = plain(value) !== '' && text.includes(plain(value));
    return { label, value, stated, state: stateOf({ value, stated, isPrinted, isGuessed: named === undefined }) };
  });
}

interface Question {
  readonly value: string;
  readonly stated: string | null;
  readonly isPrinted: boolean;
  /** Found under another name: then the two may well be different things, and the page decides. */
  readonly isGuessed: boolean;
}

function stateOf({ value, stated, isPrinted, isGuessed }: Question): FieldState {
  if (stated !== null && plain(stated) === plain(value)) return 'same';
  if (stated !== null && !(isGuessed && isPrinted)) return 'different';
  return isPrinted ? 'printed' : 'absent';
}

/** Full-width and half-width forms, blanks and the ways of writing a date count as the same. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\s+/g, '')
    .replaceAll(/(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?/g, (_, year: string, month: string, day: string) => `${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`)
    .toLowerCase();
}
