import type { TFunction } from 'i18next';
import type { SiteKindRule } from '../../../domain/site-kind.ts';

/** A rule as one line of words. */
export function printRule(rule: SiteKindRule, t: TFunction): string {
  const { startsWith, endsWith, contains = [], host, characters, symbols, minLength, maxLength } = rule;
  const parts = [
    host === undefined ? null : t('devices.ownKinds.words.host', { host }),
    startsWith === undefined ? null : t('devices.ownKinds.words.startsWith', { text: startsWith }),
    endsWith === undefined ? null : t('devices.ownKinds.words.endsWith', { text: endsWith }),
    ...contains.map((text) => t('devices.ownKinds.words.contains', { text })),
    characters === undefined ? null : t(`devices.ownKinds.alphabets.${characters}`),
    minLength === undefined && maxLength === undefined ? null : printLength(minLength, maxLength, t),
    symbols === undefined ? null : t(`devices.ownKinds.symbolKinds.${symbols}`),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function printLength(min: number | undefined, max: number | undefined, t: TFunction): string {
  if (min === max) return t('devices.ownKinds.words.length', { count: min ?? 0 });
  if (max === undefined) return t('devices.ownKinds.words.atLeast', { count: min ?? 0 });
  return min === undefined ? t('devices.ownKinds.words.atMost', { count: max }) : t('devices.ownKinds.words.between', { min, max });
}
