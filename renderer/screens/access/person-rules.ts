import type { FormRule } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { checkPassphrase } from '../../../domain/passphrase-policy.ts';
import { recoveryCodeId } from '../../../domain/recovery-code.ts';
import { isSameText } from '../../../domain/roles.ts';
import { useCounter } from '../../counter/counter-context.tsx';

interface Typed {
  readonly id?: string;
  readonly name?: string;
  readonly passphrase?: string;
}

type Part = keyof Typed;

/** What is typed a second time equals the field of that name; said once something stands there. */
export function sameAs(name: string | (string | number)[], t: TFunction): FormRule {
  return ({ getFieldValue }) => ({
    validator: (_rule, value: string | undefined) => ((value ?? '') === '' || value === getFieldValue(name) ? Promise.resolve() : Promise.reject(new Error(t('access.notEqual')))),
  });
}

/**
 * What a person of the set-up (`people`, by number) must be, said beside each field, all at once: the host asks the same again and names the first. What is
 * empty is for others to say; of two that are the same the later one hears it.
 */
export function usePersonRules(index: number): Readonly<Record<Part, FormRule>> {
  const { t } = useTranslation();
  const profile = useCounter((state) => state.access?.profile ?? 'mlps3');
  const ruleOf =
    (part: Part, find: (value: string, own: Typed, earlier: readonly Typed[]) => string | null): FormRule =>
    ({ getFieldValue }) => ({
      validator: (_rule, value: string | undefined) => {
        const people = (getFieldValue('people') ?? []) as readonly (Typed | undefined)[];
        const earlier = people.slice(0, index).filter((other) => other !== undefined && (other[part] ?? '').trim() !== '') as readonly Typed[];
        const fault = (value ?? '').trim() === '' ? null : find(value ?? '', people[index] ?? {}, earlier);
        return fault === null ? Promise.resolve() : Promise.reject(new Error(fault));
      },
    });
  const isTaken = (part: Part, value: string, earlier: readonly Typed[]): boolean => earlier.some((other) => isSameText(other[part] ?? '', value));
  return {
    name: ruleOf('name', (value, _own, earlier) => (isTaken('name', value, earlier) ? t('access.sameName') : null)),
    id: ruleOf('id', (value, _own, earlier) => (isSameText(value, recoveryCodeId) ? t('access.idReserved') : isTaken('id', value, earlier) ? t('access.sameId') : null)),
    passphrase: ruleOf('passphrase', (value, { id = '', name = '' }, earlier) => {
      const fault = checkPassphrase(value, { profile, person: [id.trim(), name.trim()] });
      if (fault !== null) return t(`access.weak.${fault}`);
      return earlier.some(({ passphrase }) => passphrase === value) ? t('access.weak.same') : null;
    }),
  };
}
