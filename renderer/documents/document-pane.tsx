import type { TFunction } from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument, Verdict } from '../../domain/contracts/counter.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.table.ts';
import { useCounterTools } from '../counter/counter-context.tsx';
import { printClock } from '../i18n/durations.ts';
import { learnWithdrawal } from '../counter/withdrawal.ts';
import { type GrantEnd, useGrantEnd } from '../screens/verify/grant-end.ts';
import { type CopyPurpose, findCopyLock } from './copy-lock.ts';
import { DocumentViewer } from './document-viewer.tsx';
import { printPdf } from './paper.ts';
import { saveFile } from './saving.ts';

interface PaneProps {
  readonly file: CertificateDocument;
  readonly verdict: Verdict;
}

/** One certificate: its file checks, the page under its watermark, and the copies that the consent allows while it lasts. */
export function DocumentPane({ file, verdict }: PaneProps): ReactNode {
  return <DocumentViewer file={file} actions={<CopyActions file={file} verdict={verdict} />} />;
}

type CopyState = { readonly step: 'idle' | 'preparing' } | { readonly step: 'done' | 'unconfirmed' | 'failed'; readonly text: string };

function CopyActions({ file, verdict }: PaneProps): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [state, setState] = useState<CopyState>({ step: 'idle' });
  const [isForwarding, setForwarding] = useState(false);
  const end = useGrantEnd(verdict);
  const copy = async (purpose: CopyPurpose, recipient?: string): Promise<void> => {
    setForwarding(false);
    setState({ step: 'preparing' });
    const outcome = await store.call((client) => client.certificate.copy({ documentId: file.documentId, purpose, ...(recipient === undefined ? {} : { recipient }) }));
    void store.refreshHistory();
    if (!outcome.ok && outcome.code === 'verdict/withdrawn') void learnWithdrawal(store, verdict.scanId);
    if (!outcome.ok) return setState({ step: 'failed', text: t(`failure.${outcome.code}`) });
    const bytes = decodeBase64(outcome.value.bytesBase64);
    if (bytes === null) return setState({ step: 'failed', text: t('failure.file/damaged') });
    const seq = outcome.value.auditSeq.toLocaleString('en-US');
    if (purpose === 'print') await printPdf(bytes);
    else saveFile(bytes, outcome.value.fileName, outcome.value.mediaType);
    const done = t(doneTexts[purpose], { file: outcome.value.fileName, seq, recipient });
    return setState(outcome.value.grantConfirmed ? { step: 'done', text: done } : { step: 'unconfirmed', text: `${done}。${t('certificate.unconfirmed')}` });
  };
  return (
    <>
      <div className="copies">
        <span className="copy-label" aria-hidden="true">
          {t('certificate.copyWord')}
        </span>
        {(['print', 'save', 'forward'] as const).map((purpose) => (
          <CopyButton
            key={purpose}
            purpose={purpose}
            reason={lockReason(t, purpose, { verdict, file, end })}
            busy={state.step === 'preparing'}
            run={() => (purpose === 'forward' ? setForwarding(true) : void copy(purpose))}
          />
        ))}
      </div>
      {state.step !== 'idle' && (
        <span className={`copy-state copy-${state.step}`} role="status" data-testid="copy-state">
          {'text' in state ? state.text : t('certificate.preparing')}
        </span>
      )}
      {isForwarding && end === null && <ForwardDialog close={() => setForwarding(false)} forward={(recipient) => void copy('forward', recipient)} />}
    </>
  );
}

/** Why a copy cannot be had and who can change that; null where it can (the host refuses as well). */
function lockReason(t: TFunction, purpose: CopyPurpose, { verdict, file, end }: PaneProps & { readonly end: GrantEnd }): string | null {
  const what = t(words[purpose]);
  switch (findCopyLock(purpose, { permissions: verdict.permissions, restrictions: file.restrictions, end })) {
    case null:
      return null;
    case 'ended':
      return t('certificate.endedWhy', { what, time: printClock(verdict.expiresAt ?? 0) });
    case 'withdrawn':
      return t('certificate.withdrawnWhy', { what, time: printClock(verdict.withdrawnAt ?? 0) });
    case 'not-granted':
      return t('certificate.lockedWhy', { permission: t(purpose === 'forward' ? 'permission.transfer' : 'permission.download'), what });
    case 'by-file':
      return t('failure.permission/by-file');
  }
}

const doneTexts = { print: 'certificate.printed', save: 'certificate.saved', forward: 'certificate.forwarded' } as const;
const icons = { print: 'print', save: 'save', forward: 'right' } as const satisfies Record<CopyPurpose, IconName>;
const words = { print: 'certificate.printWord', save: 'certificate.saveWord', forward: 'certificate.forwardWord' } as const;

/** To whom the copy goes: nothing is handed on without a name. */
function ForwardDialog({ close, forward }: { readonly close: () => void; readonly forward: (recipient: string) => void }): ReactNode {
  const { t } = useTranslation();
  const [recipient, setRecipient] = useState('');
  const name = recipient.trim();
  return (
    <Dialog title={t('certificate.forward')} onClose={close} size="small" testId="forward-dialog">
      <form
        className="forward-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== '') forward(name);
        }}
      >
        <label>
          {t('certificate.forwardTo')}
          <input className="field" type="text" data-first-focus maxLength={60} value={recipient} onChange={(event) => setRecipient(event.target.value)} data-testid="forward-recipient" />
        </label>
        <p className="muted">{t('certificate.forwardWhy')}</p>
        <button type="submit" className="button primary" aria-disabled={name === ''} data-testid="forward-go">
          {t('certificate.forwardGo')}
        </button>
      </form>
    </Dialog>
  );
}

interface CopyButtonProps {
  readonly purpose: CopyPurpose;
  /** Why it is locked; null: it is not. */
  readonly reason: string | null;
  readonly busy: boolean;
  readonly run: () => void;
}

/** Locked, not absent, with the reason said. */
function CopyButton({ purpose, reason, busy, run }: CopyButtonProps): ReactNode {
  const { t } = useTranslation();
  const allowed = reason === null;
  const what = t(words[purpose]);
  return (
    <button
      type="button"
      className={allowed ? 'button small' : 'button small locked'}
      aria-disabled={!allowed || busy}
      title={reason ?? t(`certificate.${purpose}`)}
      aria-label={allowed ? t(`certificate.${purpose}`) : t('general.named', { name: t('certificate.locked', { what }), what: reason })}
      data-testid={`copy-${purpose}`}
      data-locked={!allowed}
      onClick={() => allowed && !busy && run()}
    >
      <Icon name={allowed ? icons[purpose] : 'lock'} size={16} />
      {what}
    </button>
  );
}
