import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestResult } from '../../../domain/contracts/devices.ts';

const shownFindings = 12;

/** Each character that did not come through, and the settings that would explain it. */
export function TestFindings({ result: { findings, hints } }: { readonly result: TestResult }): ReactNode {
  const { t } = useTranslation();
  if (findings.length === 0 && hints.length === 0) return null;
  return (
    <>
      {hints.length > 0 && (
        <section data-testid="self-test-hints">
          <h3>{t('devices.test.hints')}</h3>
          <ol className="test-hints">
            {hints.map((hint) => (
              <li key={hint} data-hint={hint}>
                {t(`devices.test.hint.${hint}`)}
              </li>
            ))}
          </ol>
        </section>
      )}
      {findings.length > 0 && (
        <section data-testid="self-test-findings">
          <h3>{t('devices.test.findings')}</h3>
          <ul className="test-findings">
            {findings.slice(0, shownFindings).map(({ kind, place, expected, received }, index) => (
              <li key={`${place} ${index}`} data-kind={kind}>
                {t(`devices.test.finding.${kind}`, { place: place + 1, expected, received })}
              </li>
            ))}
            {findings.length > shownFindings && <li className="muted">{t('devices.test.more', { count: findings.length - shownFindings })}</li>}
          </ul>
        </section>
      )}
    </>
  );
}
