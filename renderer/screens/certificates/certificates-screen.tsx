import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/icon.tsx';
import { useSettled } from '../../components/settled.ts';
import { useCounter } from '../../counter/counter-context.tsx';
import { shownVerdict } from '../../counter/counter-state.ts';
import { CertificateBrowser } from '../../documents/certificate-browser.tsx';
import type { CertificateSummary, Verdict } from '../../../domain/contracts/counter.ts';
import { useWindow } from '../../window-state.tsx';
import { useGrantEnd } from '../verify/grant-end.ts';
import { stateLooks } from '../verify/verdict-look.ts';

/** The granted certificates of the verdict in hand, with the whole width for the page. */
export function CertificatesScreen(): ReactNode {
  const { t } = useTranslation();
  const { go } = useWindow();
  const verdict = useCounter(shownVerdict);
  const [search, setSearch] = useState('');
  // What is listed first is opened, which the audit takes down.
  const wanted = useSettled(search);
  if (verdict === null || !stateLooks[verdict.state].showsData || verdict.certificates.length === 0)
    return (
      <section className="card blank" data-testid="certificates-empty">
        <Icon name="certificate" size={64} stroke={1.2} />
        <p>{t('certificates.empty')}</p>
        <button type="button" className="button primary large" onClick={() => go('verify')}>
          {t('certificates.toVerify')}
        </button>
      </section>
    );
  const found = findCertificates(verdict.certificates, wanted);
  return (
    <section className="card page-card" data-testid="certificates">
      <header className="card-head">
        <h1>{t('certificates.title')}</h1>
        <strong>{verdict.subject?.name}</strong>
        <input className="field" type="search" value={search} placeholder={t('certificates.search')} aria-label={t('certificates.search')} onChange={(event) => setSearch(event.target.value)} />
      </header>
      <GrantEndNote verdict={verdict} />
      {found.length === 0 ? <p className="empty">{t('certificates.noMatch')}</p> : <CertificateBrowser verdict={{ ...verdict, certificates: [...found] }} wide />}
    </section>
  );
}

function GrantEndNote({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const end = useGrantEnd(verdict);
  if (end === null) return null;
  return (
    <p className={`note grant-${end}`} data-testid="grant-ended">
      <strong>{t(`verdict.${end}.word`)}</strong> {t(`verdict.${end}.note`)}
    </p>
  );
}

/** Certificates whose name, number or issuer contains what is searched for. */
export function findCertificates(certificates: readonly CertificateSummary[], search: string): readonly CertificateSummary[] {
  const wanted = search.trim().toLowerCase();
  return certificates.filter(({ type, number, issueDept }) => `${type} ${number} ${issueDept}`.toLowerCase().includes(wanted));
}
