import type { SiteKindRow } from '../../domain/site-kind.ts';

/** The words of a kind that the site names itself; nothing for a built-in kind, or one that the site has given up. */
export function describeSiteKind(kind: string, siteKinds: readonly SiteKindRow[]): { siteKind?: { name: string; ask: string } } {
  const row = siteKinds.find(({ id }) => id === kind);
  return row === undefined ? {} : { siteKind: { name: row.name, ask: row.ask } };
}
