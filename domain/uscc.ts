/** The 31 characters of GB 32100-2015: digits and capitals without I, O, S, V, Z. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const layout = /^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$/;

/** Whether the text is a unified social credit code: upper-case, 18 characters, right check character (GB 32100-2015). */
export function isUscc(text: string): boolean {
  return layout.test(text) && usccCheckCharacter(text.slice(0, 17)) === text[17];
}

/** The 18th character for the first 17, or null when those are not 17 characters of the code's alphabet. */
export function usccCheckCharacter(first17: string): string | null {
  if (first17.length !== 17) return null;
  let sum = 0;
  let weight = 1;
  for (const character of first17) {
    const value = alphabet.indexOf(character);
    if (value < 0) return null;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return alphabet[(31 - (sum % 31)) % 31] ?? null;
}

const subjectKinds = {
  '11': 'government-body',
  '12': 'public-institution',
  '13': 'directly-managed-mass-organisation',
  '51': 'social-association',
  '52': 'private-non-enterprise',
  '53': 'foundation',
  '91': 'enterprise',
  '92': 'individual-business',
  '93': 'farmers-cooperative',
  N1: 'village-collective',
  N2: 'village-collective',
  N3: 'village-collective',
} as const;

/** What the first two characters (registering department, category) say the subject is. */
export type UsccSubjectKind = (typeof subjectKinds)[keyof typeof subjectKinds] | 'other';

/** The kind of subject that a code names; `other` for departments and categories outside the table, null for no code. */
export function usccSubjectKind(uscc: string): UsccSubjectKind | null {
  if (!isUscc(uscc)) return null;
  const prefix = uscc.slice(0, 2);
  return Object.hasOwn(subjectKinds, prefix) ? subjectKinds[prefix as keyof typeof subjectKinds] : 'other';
}

/** The code in the groups people read it in: category 2, region 6, organisation 9, check character 1. */
export function printUsccGrouped(uscc: string): string {
  return [uscc.slice(0, 2), uscc.slice(2, 8), uscc.slice(8, 17), uscc.slice(17)].filter((group) => group !== '').join(' ');
}
