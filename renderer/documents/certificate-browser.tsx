import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateDocument, CertificateSummary, Verdict } from '../../domain/contracts/counter.ts';
import type { CallOutcome } from '../connection/call-outcome.ts';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.table.ts';
import { useCounter, useCounterTools, useTrustedNow } from '../counter/counter-context.tsx';
import { learnWithdrawal } from '../counter/withdrawal.ts';
import { findGrantEnd } from '../screens/verify/grant-end.ts';
import { useWindow } from '../window-state.tsx';
import { DocumentPane } from './document-pane.tsx';
import { PaneWait } from './pane-wait.tsx';
import { prepareDocuments } from './readiness.ts';

/** The granted certificates at the left, the one chosen at the right. */
export function CertificateBrowser({ verdict, wide = false }: { readonly verdict: Verdict; readonly wide?: boolean }): ReactNode {
  const { t } = useTranslation();
  const { certificateId, chooseCertificate } = useWindow();
  const [attempt, setAttempt] = useState(0);
  // While the file is fetched.
  useEffect(prepareDocuments, []);
  const chosen = verdict.certificates.find((certificate) => certificate.certificateId === certificateId) ?? verdict.certificates[0];
  if (chosen === undefined) return <p className="empty">{t('certificate.empty')}</p>;
  return (
    <div className={wide ? 'browser browser-wide' : 'browser'}>
      <ul className="certificates" aria-label={t('tab.certificates', { count: verdict.certificates.length })}>
        {verdict.certificates.map((certificate) => (
          <li key={certificate.certificateId}>
            <CertificateItem certificate={certificate} chosen={certificate === chosen} choose={() => chooseCertificate(certificate.certificateId)} />
          </li>
        ))}
      </ul>
      <OpenedCertificate key={`${verdict.scanId} ${chosen.certificateId} ${attempt}`} verdict={verdict} certificate={chosen} again={() => setAttempt(attempt + 1)} />
    </div>
  );
}

interface CertificateItemProps {
  readonly certificate: CertificateSummary;
  readonly chosen: boolean;
  readonly choose: () => void;
}

function CertificateItem({ certificate, chosen, choose }: CertificateItemProps): ReactNode {
  const { type, issueDept, validity, certificateId } = certificate;
  return (
    <button type="button" className="certificate" aria-pressed={chosen} data-testid="certificate" data-certificate-id={certificateId} onClick={choose}>
      <strong>{type}</strong>
      <span>{issueDept}</span>
      <span className={`certificate-state validity-${validity}`} data-testid="certificate-validity" data-validity={validity}>
        <Icon name={validityIcons[validity]} size={15} stroke={2} />
        <ValidityText certificate={certificate} />
      </span>
    </button>
  );
}

const validityIcons = {
  valid: 'check',
  'ends-soon': 'clock',
  ended: 'cross',
  unknown: 'question',
} as const satisfies Record<CertificateSummary['validity'], IconName>;

function ValidityText({ certificate }: { readonly certificate: CertificateSummary }): ReactNode {
  const { t } = useTranslation();
  const { validity, validUntil } = certificate;
  if (validity === 'unknown') return t('certificate.unknown');
  if (validUntil === null) return t('certificate.longTerm');
  if (validity === 'valid') return t('certificate.validUntil', { date: validUntil });
  return t(validity === 'ended' ? 'certificate.ended' : 'certificate.endsSoon', { date: validUntil });
}

/** Why nothing more comes, however often it is asked for. */
const endCodes: readonly string[] = ['verdict/grant-ended', 'verdict/withdrawn'];

interface OpenedProps {
  readonly verdict: Verdict;
  readonly certificate: CertificateSummary;
  readonly again: () => void;
}

function OpenedCertificate({ verdict, certificate, again }: OpenedProps): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [outcome, setOutcome] = useState<CallOutcome<CertificateDocument> | null>(null);
  const now = useTrustedNow();
  // The page asks by itself when it is come back to: what the end of the grant keeps back then nobody reached for.
  const [onlyObtained] = useState(() => findGrantEnd(verdict, now()) !== null);
  const matter = useCounter((state) => state.matters.find(({ itemCode }) => itemCode === state.openCase?.itemCode));
  const { scanId } = verdict;
  const { certificateId } = certificate;
  useEffect(() => {
    let current = true;
    void store.call((client) => client.certificate.open({ scanId, certificateId, onlyObtained })).then((opened) => {
      if (current) setOutcome(opened);
      if (!opened.ok && opened.code === 'verdict/withdrawn') void learnWithdrawal(store, scanId);
      return store.refreshHistory();
    });
    return () => {
      current = false;
    };
  }, [store, scanId, certificateId, onlyObtained]);
  if (outcome === null) return <PaneWait text={t('certificate.opening')} />;
  if (outcome.ok) return <DocumentPane file={outcome.value} verdict={verdict} />;
  // The platform gives no certificate that the list of the matter (用证清单) does not name, whatever the holder granted.
  const isUnlisted = outcome.code === 'remote/refused' && matter?.certificateTypes.includes(certificate.type) === false;
  return (
    <div className="pane pane-failed" role="alert" data-testid="certificate-failed" data-code={outcome.code}>
      <Icon name="warning" size={44} stroke={1.4} />
      <p>{isUnlisted ? t('certificate.notListed', { type: certificate.type, matter: matter.itemName }) : t(`failure.${outcome.code}`)}</p>
      {!isUnlisted && !endCodes.includes(outcome.code) && (
        <button type="button" className="button" onClick={again}>
          {t('certificate.again')}
        </button>
      )}
    </div>
  );
}
