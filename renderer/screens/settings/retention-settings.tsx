import { Button, Segmented } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RetentionView } from '../../../domain/contracts/access.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { type RetentionProfile, retentionProfiles } from '../../../domain/retention.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { printDay } from '../../i18n/durations.ts';
import { TwoPeopleDialog } from '../access/two-people-dialog.tsx';

/** How long what was recorded stays readable, and what goes next: the security administrator chooses, the other two see it. */
export function RetentionSettings(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const mayChoose = useCounter((state) => state.session?.operator.role === 'security');
  const [view, setView] = useState<RetentionView | null>(null);
  const [shortening, setShortening] = useState<RetentionProfile | null>(null);
  const [failed, setFailed] = useState<FailureCode | null>(null);
  const look = async (profile: RetentionProfile | null): Promise<void> => {
    const outcome = await store.call((client) => client.retention.show({ profile }));
    setFailed(outcome.ok ? null : outcome.code);
    if (outcome.ok) setView(outcome.value);
  };
  const choose = async (profile: RetentionProfile): Promise<void> => {
    const outcome = await store.call((client) => client.retention.choose({ profile }));
    if (outcome.ok) await look(null);
    else if (outcome.code === 'access/two-needed') setShortening(profile);
    else setFailed(outcome.code);
  };
  useEffect(() => {
    let isShown = true;
    void store.call((client) => client.retention.show({ profile: null })).then((outcome) => isShown && outcome.ok && setView(outcome.value));
    return () => {
      isShown = false;
    };
  }, [store]);
  return (
    <section className="card page-card" data-testid="retention">
      <header className="card-head">
        <h2>{t('retention.title')}</h2>
        {!mayChoose && <span>{t('retention.onlySecurity')}</span>}
      </header>
      {failed !== null && <p className="note note-refused">{t(`failure.${failed}`)}</p>}
      {view !== null && (
        <>
          <div className="card-text">
            <Segmented
              aria-label={t('retention.title')}
              value={view.profile}
              onChange={(profile) => void look(profile)}
              options={retentionProfiles.map((value) => ({ value, label: t(`retention.profiles.${value}`) }))}
              data-testid="retention-profile"
            />
          </div>
          <Kept view={view} />
          <Due view={view} />
          {mayChoose && !view.isInUse && (
            <div className="card-text">
              <Button type="primary" danger={view.due.length > 0} onClick={() => void choose(view.profile)} data-testid="retention-choose">
                {t('retention.choose')}
              </Button>
            </div>
          )}
        </>
      )}
      {shortening !== null && <Shortening profile={shortening} onClose={() => setShortening(null)} onDone={() => void look(null)} />}
    </section>
  );
}

interface ShorteningProps {
  readonly profile: RetentionProfile;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** What destroys records sooner takes two administrators. */
function Shortening({ profile, onClose, onDone }: ShorteningProps): ReactNode {
  const { t } = useTranslation();
  return (
    <TwoPeopleDialog
      title={t('retention.shorten')}
      note={t('retention.shortenNote', { profile: t(`retention.profiles.${profile}`) })}
      confirm={t('retention.shortenGo')}
      isDanger
      testId="retention-shorten-dialog"
      act={(client, { two }) => client.retention.choose({ profile, two })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

function Kept({ view }: { readonly view: RetentionView }): ReactNode {
  const { t } = useTranslation();
  return (
    <table className="retention-table">
      <thead>
        <tr>
          <th scope="col">{t('retention.what')}</th>
          <th scope="col">{t('retention.days')}</th>
          <th scope="col">{t('retention.oldest')}</th>
        </tr>
      </thead>
      <tbody>
        {view.classes.map(({ class: name, days, keptDays, oldestAt }) => (
          <tr key={name}>
            <td>{t(`retention.classes.${name}`)}</td>
            <td>{t('retention.dayCount', { count: days })}</td>
            <td>{oldestAt === null ? t('retention.none') : t('retention.since', { date: printDay(oldestAt), count: keptDays })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What goes at the next purge: said before it happens. */
function Due({ view }: { readonly view: RetentionView }): ReactNode {
  const { t } = useTranslation();
  const { due } = view;
  return (
    <div className="card-text" data-testid="retention-due">
      <p>{due.length === 0 ? t('retention.nothingDue') : t(view.isInUse ? 'retention.due' : 'retention.wouldBeDue', { days: due.length, records: due.reduce((sum, { records }) => sum + records, 0) })}</p>
      {due.length > 0 && (
        <ul className="retention-due">
          {due.slice(0, 12).map(({ class: name, dayAt, records }) => (
            <li key={`${name}${dayAt}`}>{t('retention.dueRow', { date: printDay(dayAt), what: t(`retention.classes.${name}`), count: records })}</li>
          ))}
          {due.length > 12 && <li>{t('retention.more', { count: due.length - 12 })}</li>}
        </ul>
      )}
      <p className="muted">{t(view.isTimeTrusted ? 'retention.note' : 'retention.noTime')}</p>
    </div>
  );
}
