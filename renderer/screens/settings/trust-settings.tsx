import { type ChangeEvent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { encodeBase64 } from '../../../domain/crypto/base64.ts';
import type { TrustAnchorView } from '../../../domain/contracts/signature.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import type { CounterStore } from '../../counter/counter-store.ts';
import type { CallOutcome } from '../../connection/call-outcome.ts';
import { saveFile } from '../../documents/saving.ts';
import { printDayClock } from '../../i18n/durations.ts';

/** Whom this counter trusts for seals and signatures: everyone may look, an administrator imports and removes. */
export function TrustSettings(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const isAdministrator = useCounter((state) => state.session?.operator.role === 'administrator');
  const [anchors, setAnchors] = useState<readonly TrustAnchorView[]>([]);
  const [failed, setFailed] = useState<FailureCode | null>(null);
  useEffect(() => {
    void readAnchors(store).then((outcome) => {
      if (outcome.ok) setAnchors(outcome.value);
      else setFailed(outcome.code);
    });
  }, [store]);
  const show = async (changed: CallOutcome<unknown>): Promise<void> => {
    setFailed(changed.ok ? null : changed.code);
    const outcome = await readAnchors(store);
    if (outcome.ok) setAnchors(outcome.value);
  };
  const add = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file === undefined) return;
    const certificateBase64 = encodeBase64(new Uint8Array(await file.slice(0, 65_536).arrayBuffer()));
    await show(await store.call((client) => client.trust.add({ certificateBase64 })));
  };
  const remove = async (id: string): Promise<void> => {
    await show(await store.call((client) => client.trust.remove({ id })));
  };
  return (
    <section className="card page-card" data-testid="trust">
      <header className="card-head">
        <h2>{t('trust.title')}</h2>
        <span>{t(isAdministrator ? 'trust.count' : 'trust.onlyAdministrator', { count: anchors.length })}</span>
      </header>
      {failed !== null && <p className="note note-refused">{t(`failure.${failed}`)}</p>}
      <ul className="trust-list">
        {anchors.map((anchor) => (
          <li key={anchor.id}>
            <strong>{anchor.name}</strong>
            <span className="muted">{[anchor.organisation, t(anchor.isOwn ? 'trust.own' : anchor.isAuthority ? 'trust.authority' : 'trust.signer'), t('trust.until', { date: printDayClock(anchor.notAfterAt) })].filter((part) => part !== '').join(' · ')}</span>
            <button type="button" className="button small" onClick={() => saveFile(Uint8Array.from(atob(anchor.certificateBase64), (c) => c.codePointAt(0) ?? 0), `${anchor.name}.cer`, 'application/pkix-cert')}>
              {t('trust.save')}
            </button>
            {isAdministrator && !anchor.isOwn && (
              <button type="button" className="button small" onClick={() => void remove(anchor.id)}>
                {t('trust.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {anchors.length === 0 && <p className="empty-line">{t('trust.empty')}</p>}
      {isAdministrator && (
        <label className="button trust-add">
          {t('trust.add')}
          <input type="file" className="for-readers" accept=".cer,.crt,.der,.pem" onChange={(event) => void add(event)} />
        </label>
      )}
    </section>
  );
}

function readAnchors(store: CounterStore): Promise<CallOutcome<readonly TrustAnchorView[]>> {
  return store.call((client) => client.trust.list());
}
