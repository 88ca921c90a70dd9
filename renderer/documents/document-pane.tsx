import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument, Verdict } from '../../domain/contracts/counter.ts';
import { Icon } from '../components/icon.tsx';
import { useCounterTools } from '../counter/counter-context.tsx';
import { FileFacts, PlatformVerdict } from './file-facts.tsx';
import { printPdf } from './paper.ts';
import { PdfViewer } from './pdf-viewer.tsx';
import { saveFile } from './saving.ts';
import { WatermarkLayer } from './watermark-layer.tsx';

interface PaneProps {
  readonly file: CertificateDocument;
  readonly permissions: Verdict['permissions'];
}

/** One certificate: its file checks, the page under its watermark, and the copies that the consent allows. */
export function DocumentPane({ file, permissions }: PaneProps): ReactNode {
  const actions = <CopyActions file={file} allowed={permissions.download} />;
  return file.format === 'PDF' ? <PdfViewer file={file} actions={actions} /> : <SurfacePane file={file} actions={actions} />;
}

type CopyState = { readonly step: 'idle' | 'preparing' } | { readonly step: 'done' | 'failed'; readonly text: string };

function CopyActions({ file, allowed }: { readonly file: CertificateDocument; readonly allowed: boolean }): ReactNode {
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
      <CopyButton purpose="print" allowed={allowed} busy={state.step === 'preparing'} run={() => void copy('print')} />
      <CopyButton purpose="save" allowed={allowed} busy={state.step === 'preparing'} run={() => void copy('save')} />
    </div>
  );
}

interface CopyButtonProps {
  readonly purpose: 'print' | 'save';
  readonly allowed: boolean;
  readonly busy: boolean;
  readonly run: () => void;
}

/** Locked, not absent, when the consent does not give it; the reason is said (the host refuses as well). */
function CopyButton({ purpose, allowed, busy, run }: CopyButtonProps): ReactNode {
  const { t } = useTranslation();
  const what = t(purpose === 'print' ? 'certificate.printWord' : 'certificate.saveWord');
  const reason = t('certificate.lockedWhy', { permission: t('permission.download'), what });
  return (
    <button
      type="button"
      className={allowed ? 'button small' : 'button small locked'}
      aria-disabled={!allowed || busy}
      title={allowed ? undefined : reason}
      aria-label={allowed ? undefined : reason}
      data-testid={`copy-${purpose}`}
      data-locked={!allowed}
      onClick={() => allowed && !busy && run()}
    >
      <Icon name={allowed ? purpose : 'lock'} size={16} />
      {allowed ? t(`certificate.${purpose}`) : t('certificate.locked', { what })}
    </button>
  );
}

function SurfacePane({ file, actions }: { readonly file: CertificateDocument; readonly actions: ReactNode }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="pane">
      <div className="pane-bar">
        <FileFacts file={file} />
        <PlatformVerdict file={file} />
        {actions}
      </div>
      <div className="desk" data-testid="surface">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
        <div className="desk-scroll" tabIndex={0} role="region" aria-label={t('certificate.surface')}>
        <section className="surface-sheet">
          <div className="note">
            <p>
              <strong>{t('certificate.ofdTitle')}</strong>
            </p>
            <p>{t('certificate.ofdWhy')}</p>
          </div>
          <h3>{file.title}</h3>
          <dl className="facts wide serif">
            {file.surface.map((row) => (
              <div className="fact" key={row.label}>
                <dt>{row.label}</dt>
                <dd data-testid={`surface-${row.label}`}>{row.value}</dd>
              </div>
            ))}
          </dl>
          <h4>{t('certificate.facts')}</h4>
          <dl className="facts wide">
            <Row label={t('certificate.format')} value={file.format} />
            <Row label={t('certificate.size')} value={t('certificate.kib', { size: (file.sizeBytes / 1024).toFixed(1) })} />
            <Row label={t('certificate.digest')} value={file.sm3} />
            <Row label={t('certificate.platformAnswer')} value={t(`certificate.platformVerdict.${file.platformVerdict}`)} />
            <Row label={t('certificate.comparison')} value={t(file.digestCompared ? 'certificate.digestCompared' : 'certificate.digestNotGiven')} />
          </dl>
        </section>
        </div>
        <WatermarkLayer lines={file.watermark} />
      </div>
    </div>
  );
}

function Row({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
