import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { usePreferences } from '../../application-providers.tsx';
import { Icon } from '../../components/icon.tsx';
import { printConsentName, printConsentValue } from '../../i18n/consent-words.ts';

/** The consent record as it was given, and whether its digest is the one in the code. */
export function ConsentTab({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const { language } = usePreferences();
  if (verdict.consent.length === 0) return <p className="empty">{t('consent.empty')}</p>;
  return (
    <div className="groups" data-testid="consent">
      {verdict.consentDigest !== null && <DigestLine digest={verdict.consentDigest} />}
      <dl className="facts wide">
        {verdict.consent.map((row) => (
          <div className="fact" key={row.name}>
            <dt title={row.name}>{printConsentName(row.name, language)}</dt>
            <dd data-testid={`consent-${row.name}`}>{row.name === 'xxlb' ? printGroups(row.value, verdict.information, t) : printConsentValue(row.name, row.value, t)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Identifiers of information groups, each behind its title where the platform gave one. */
export function printGroups(identifiers: string, groups: Verdict['information'], t: TFunction): string {
  const named = identifiers.split(' ').map((oid) => {
    const title = groups.find((group) => group.oid === oid)?.title;
    return title === undefined ? oid : t('general.aside', { what: title, aside: oid });
  });
  return named.join(t('general.listSeparator'));
}

function DigestLine({ digest }: { readonly digest: NonNullable<Verdict['consentDigest']> }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className={digest.equal ? 'note note-verified' : 'note note-refused'} data-testid="consent-digest" data-equal={digest.equal}>
      <p>
        <Icon name={digest.equal ? 'check' : 'cross'} size={17} stroke={2} /> <strong>{t(digest.equal ? 'consent.equal' : 'consent.unequal')}</strong>
      </p>
      <dl className="digests">
        <dt>{t('consent.inCode')}</dt>
        <dd>{digest.inCode}</dd>
        <dt>{t('consent.recomputed')}</dt>
        <dd>{digest.recomputed}</dd>
      </dl>
    </section>
  );
}
