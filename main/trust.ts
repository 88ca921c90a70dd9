import { join } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Journal } from './desk/journal.ts';
import { openTrustStore, readAnchor, type TrustAnchor, type TrustStore } from './documents/trust-anchors.ts';
import { createOrganisationKey, type OrganisationKey, type OrganisationKeyDeps } from './organisation-key.ts';
import { writeDurably } from './store/durable-file.ts';

/** Whom this counter trusts for seals and signatures; every change is an audit entry. */
export interface Trust {
  /** The imported certificates, and the organisation's own once it has one. */
  list(): Promise<readonly { readonly anchor: TrustAnchor; readonly isOwn: boolean }[]>;
  /** Lists of revoked certificates at hand, DER. */
  revocationLists(): readonly Uint8Array[];
  add(bytes: Uint8Array): Promise<Result<TrustAnchor>>;
  remove(id: string): Promise<Result<null>>;
}

/** The organisation's key, and whom the counter trusts. */
export interface TrustParts {
  readonly organisationKey: OrganisationKey;
  readonly trust: Trust;
}

/** Opens the organisation's key and the trusted certificates of the data folder. */
export function openTrust(deps: OrganisationKeyDeps & { readonly dataDir: string }): TrustParts {
  const organisationKey = createOrganisationKey(deps);
  return { organisationKey, trust: createTrust(deps, organisationKey) };
}

function createTrust(deps: { readonly dataDir: string; readonly journal: Journal }, organisationKey: OrganisationKey): Trust {
  const { journal } = deps;
  const store: TrustStore = openTrustStore({ folder: join(deps.dataDir, 'trust'), writeFile: writeDurably });
  return {
    list: async () => {
      const own = await organisationKey.certificate();
      const ownAnchor = own === null ? null : readAnchor(own);
      const imported = store.list().map((anchor) => ({ anchor, isOwn: false }));
      return ownAnchor === null ? imported : [{ anchor: ownAnchor, isOwn: true }, ...imported];
    },
    revocationLists: () => store.revocationLists(),
    add: async (bytes) => {
      const anchor = readAnchor(bytes);
      if (anchor === null) return fail('file/damaged', 'certificate');
      const noted = await journal.record({ type: 'trust.added', result: 'imported', ref: anchor.id, detail: { name: anchor.certificate.subjectName.text } });
      return noted.ok ? store.add(bytes) : noted;
    },
    remove: async (id) => {
      if (!store.list().some((anchor) => anchor.id === id)) return fail('file/damaged', 'certificate');
      const noted = await journal.record({ type: 'trust.removed', result: 'removed', ref: id });
      if (!noted.ok) return noted;
      store.remove(id);
      return ok(null);
    },
  };
}
