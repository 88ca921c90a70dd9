import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument, Verdict } from '../../domain/contracts/counter.ts';
import { Icon } from '../components/icon.tsx';
import { useCounterTools } from '../counter/counter-context.tsx';
import { DocumentViewer } from './document-viewer.tsx';
import { printPdf } from './paper.ts';
import { saveFile } from './saving.ts';

interface PaneProps {
  readonly file: CertificateDocument;
  readonly permissions: Verdict['permissions'];
}

/** One certificate: its file checks, the page under its watermark, and the copies that the consent allows. */
export function DocumentPane({ file, permissions }: PaneProps): ReactNode {
  return <DocumentViewer file={file} actions={<CopyActions file={file} isGranted={permissions.download} />} />;
}

type CopyState = { readonly step: 'idle' | 'preparing' } | { readonly step: 'done' | 'failed'; readonly text: string };

function CopyActions({ file, isGranted }: { readonly file: CertificateDocument; readonly isGranted: boolean }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [state, setState] = useState<CopyState>({ step: 'idle' });
  const copy = async (purpose: 'print' | 'save'): Promise<void> => {
    setState({ step: 'preparing' });
    const outcome = await store.call((client) => client.certificate.copy({ documentId: file.documentId, purpose }));
    void store.refreshHistory();
    if (!outcome.ok) return setState({ step: 'failed', text: t(`failure.${outcome.code}`) });
    const bytes = decodeBase64(outcome.value.bytesBase64);
    if (bytes === null) return setState({ step: 'failed', text: t('failure.file/damaged') });
    const seq = outcome.value.auditSeq.toLocaleString('en-US');
    if (purpose === 'print') await printPdf(bytes);
    else saveFile(bytes, outcome.value.fileName, outcome.value.mediaType);
    return setState({ step: 'done', text: purpose === 'print' ? t('certificate.printed', { seq }) : t('certificate.saved', { file: outcome.value.fileName, seq }) });
  };
  return (
    <div className="copies">
      {state.step !== 'idle' && (
        <span className={`copy-state copy-${state.step}`} role="status" data-testid="copy-state">
          {'text' in state ? state.text : t('certificate.preparing')}
        </span>
      )}
      {(['print', 'save'] as const).map((purpose) => (
        <CopyButton key={purpose} purpose={purpose} isGranted={isGranted} isRestricted={file.restrictions.includes(purpose)} busy={state.step === 'preparing'} run={() => void copy(purpose)} />
      ))}
    </div>
  );
}

interface CopyButtonProps {
  readonly purpose: 'print' | 'save';
  readonly isGranted: boolean;
  /** The file itself does not allow it. */
  readonly isRestricted: boolean;
  readonly busy: boolean;
  readonly run: () => void;
}

/** Locked, not absent, when the consent or the file does not give it; the reason is said (the host refuses as well). */
function CopyButton({ purpose, isGranted, isRestricted, busy, run }: CopyButtonProps): ReactNode {
  const { t } = useTranslation();
  const allowed = isGranted && !isRestricted;
  const what = t(purpose === 'print' ? 'certificate.printWord' : 'certificate.saveWord');
  const reason = isGranted ? t('failure.permission/by-file') : t('certificate.lockedWhy', { permission: t('permission.download'), what });
  return (
    <button
      type="button"
      className={allowed ? 'button small' : 'button small locked'}
      aria-disabled={!allowed || busy}
      title={allowed ? undefined : reason}
      aria-label={allowed ? undefined : `${t('certificate.locked', { what })}：${reason}`}
      data-testid={`copy-${purpose}`}
      data-locked={!allowed}
      onClick={() => allowed && !busy && run()}
    >
      <Icon name={allowed ? purpose : 'lock'} size={16} />
      {allowed ? t(`certificate.${purpose}`) : what}
    </button>
  );
}
