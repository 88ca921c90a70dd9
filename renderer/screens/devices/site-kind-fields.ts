import * as v from 'valibot';
import { type SiteKind, SiteKindSchema } from '../../../domain/contracts/devices.ts';
import type { SiteKindRule } from '../../../domain/site-kind.ts';

/** What stands in the form: every condition, empty where it does not matter. */
export interface SiteKindFields {
  readonly name: string;
  readonly ask: string;
  readonly startsWith: string;
  readonly endsWith: string;
  /** Parts separated by blanks; all must occur. */
  readonly contains: string;
  readonly host: string;
  readonly characters: NonNullable<SiteKindRule['characters']> | '';
  readonly symbols: NonNullable<SiteKindRule['symbols']> | '';
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly ignoreCase: boolean;
}

/** A form with nothing in it. */
export const emptyKind: SiteKindFields = { name: '', ask: '', startsWith: '', endsWith: '', contains: '', host: '', characters: '', symbols: '', minLength: null, maxLength: null, ignoreCase: false };

/** A kind as the form shows it. */
export function toKindFields({ name, ask, rule }: SiteKind): SiteKindFields {
  const { contains = [], startsWith = '', endsWith = '', host = '', characters = '', symbols = '', minLength = null, maxLength = null, ignoreCase = false } = rule;
  return { name, ask, startsWith, endsWith, contains: contains.join(' '), host, characters, symbols, minLength, maxLength, ignoreCase };
}

/** The kind that a form describes, as the contract takes it; else the field that does not fit, `rule` when nothing looks at the content. */
export function toSiteKind(id: string, fields: SiteKindFields): { readonly kind: SiteKind } | { readonly wrong: keyof SiteKindFields | 'rule' } {
  const parts = fields.contains.split(/\s+/).filter((part) => part !== '');
  const host = fields.host.trim().toLowerCase().replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const rule = {
    ...(fields.startsWith === '' ? {} : { startsWith: fields.startsWith }),
    ...(fields.endsWith === '' ? {} : { endsWith: fields.endsWith }),
    ...(parts.length === 0 ? {} : { contains: parts }),
    ...(host === '' ? {} : { host }),
    ...(fields.characters === '' ? {} : { characters: fields.characters }),
    ...(fields.symbols === '' ? {} : { symbols: fields.symbols }),
    ...(fields.minLength === null ? {} : { minLength: fields.minLength }),
    ...(fields.maxLength === null ? {} : { maxLength: fields.maxLength }),
    ...(fields.ignoreCase ? { ignoreCase: true } : {}),
  };
  if (fields.minLength !== null && fields.maxLength !== null && fields.minLength > fields.maxLength) return { wrong: 'maxLength' };
  const read = v.safeParse(SiteKindSchema, { id, name: fields.name.trim(), ask: fields.ask.trim(), rule });
  if (read.success) return { kind: read.output };
  const name = read.issues[0].path?.map(({ key }) => key).find((key) => typeof key === 'string' && Object.hasOwn(fields, key));
  return { wrong: (name as keyof SiteKindFields | undefined) ?? 'rule' };
}

/** An id that none of the kinds has. */
export function nextKindId(kinds: readonly Pick<SiteKind, 'id'>[]): string {
  const numbers = kinds.map(({ id }) => Number(/^site-(\d+)$/.exec(id)?.[1] ?? 0));
  return `site-${Math.max(0, ...numbers) + 1}`;
}

/** The kinds with one of them moved by so many places; those before it in the list are asked first. */
export function moveKind(kinds: readonly SiteKind[], id: string, by: -1 | 1): readonly SiteKind[] {
  const from = kinds.findIndex((kind) => kind.id === id);
  const moved = kinds[from];
  if (moved === undefined || kinds[from + by] === undefined) return kinds;
  return kinds.filter((kind) => kind !== moved).toSpliced(from + by, 0, moved);
}
