import { Button } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditExport } from '../../../domain/contracts/audit.ts';
import { decodeBase64 } from '../../../domain/crypto/base64.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { Icon } from '../../components/icon.tsx';
import { followStream } from '../../connection/follow.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { saveParts } from '../../documents/saving.ts';
import { type Advance, LongWork } from './long-work.tsx';

type Done = Extract<AuditExport, { type: 'exported' }>;
type Export = { readonly step: 'none' } | { readonly step: 'running'; readonly advance: Advance } | { readonly step: 'done'; readonly made: Done } | { readonly step: 'failed'; readonly code: FailureCode };

/** Writes the whole log into an archive that anybody can check; the browser, or the dialog of the program, asks where it goes. */
export function AuditExportPanel(): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const [state, setState] = useState<Export>({ step: 'none' });
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const run = (): void => {
    const sinceAt = now();
    const pieces: Uint8Array[] = [];
    setState({ step: 'running', advance: { sinceAt, done: 0, total: 0 } });
    const take = (event: AuditExport): void => {
      if (event.type === 'progress') return setState({ step: 'running', advance: { sinceAt, ...event } });
      if (event.type === 'piece') return void pieces.push(decodeBase64(event.bytesBase64) ?? new Uint8Array());
      if (event.type === 'failed') return setState({ step: 'failed', code: event.code });
      saveParts(pieces, event.fileName, 'application/zip');
      setState({ step: 'done', made: event });
      void store.refreshHistory();
    };
    stop.current = followStream(store, (client) => client.audit.export(), { onItem: take, onEnd: (code) => code !== null && setState({ step: 'failed', code }) });
  };
  const cancel = (): void => {
    stop.current?.();
    setState({ step: 'failed', code: 'audit/stopped' });
    void store.refreshHistory();
  };
  return (
    <section className="chain-report" aria-live="polite" data-testid="audit-export" data-step={state.step}>
      <Button size="large" onClick={run} disabled={state.step === 'running'} title={t('audit.exportNote')} data-testid="export-log">
        {t('audit.export')}
      </Button>
      {state.step === 'running' && <LongWork advance={state.advance} text="audit.exporting" testId="exporting" cancel={cancel} />}
      {state.step === 'failed' && <p className="note note-caution" data-testid="export-failed">{t(state.code === 'audit/chain-broken' ? 'audit.wayOut' : `failure.${state.code}`)}</p>}
      {state.step === 'none' && <p className="muted">{t('audit.exportNote')}</p>}
      {state.step === 'done' && <Result made={state.made} />}
    </section>
  );
}

function Result({ made }: { readonly made: Done }): ReactNode {
  const { t } = useTranslation();
  const { entries, fileName, fingerprint, auditSeq } = made;
  return (
    <div className="note note-verified" data-testid="export-result">
      <p>
        <Icon name="shield-check" size={20} /> <strong>{t('audit.exported', { count: entries, file: fileName, seq: auditSeq.toLocaleString('en-US') })}</strong>
      </p>
      <p>{t('audit.exportedWhere')}</p>
      <p className="hash">{t('audit.exportedKey', { key: fingerprint })}</p>
    </div>
  );
}
