import type { FileContents } from './file-contents.ts';

/**
 * What whoever issued a file does not allow: printing and saving by Permissions of an OFD (GB/T 33190 7.5), neither of them outside its valid period,
 * printing by the access permissions of a PDF (ISO 32000-1, table 22). What a file does not say is allowed.
 */
export function listRestrictions({ permissions }: Pick<FileContents, 'permissions'>, now: number): readonly ('print' | 'save')[] {
  if (permissions === null) return [];
  const isPrintable = permissions.print && !('copies' in permissions && permissions.copies === 0);
  if (!('validFrom' in permissions)) return isPrintable ? [] : ['print'];
  const isOver = now < (readMoment(permissions.validFrom) ?? now) || now > (readMoment(permissions.validTo) ?? now);
  return [...(isPrintable && !isOver ? [] : (['print'] as const)), ...(permissions.export && !isOver ? [] : (['save'] as const))];
}

/** A date and time of XML Schema; Chinese time where it names no zone, the whole day where it names no time. Null for other texts. */
function readMoment(text: string | null): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}))?(Z|[+-]\d{2}:\d{2})?/.exec(text ?? '');
  if (match === null) return null;
  const at = Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}${match[3] ?? '+08:00'}`);
  return Number.isNaN(at) ? null : at;
}
