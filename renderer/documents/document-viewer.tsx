import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import { useCounterTools } from '../counter/counter-context.tsx';
import { FileFacts, PlatformVerdict } from './file-facts.tsx';
import { SignatureChip } from './signature-panel.tsx';
import { openOfd } from './ofd-source.ts';
import { openPdfSource } from './pdf-source.ts';
import { refusalOf, SheetError, type SheetRefusal, type SheetSource } from './sheet-source.ts';
import { ViewerDesk } from './viewer-desk.tsx';
import { ViewerFields } from './viewer-fields.tsx';
import { ViewerSearch } from './viewer-search.tsx';
import { ViewerSheet } from './viewer-sheet.tsx';
import { ViewerThumbnails } from './viewer-thumbnails.tsx';
import { useView } from './viewer-state.ts';
import { ViewerTools } from './viewer-tools.tsx';
import { WatermarkLayer } from './watermark-layer.tsx';

/** The pages of a certificate under its watermark, OFD and PDF alike: pages, zoom, rotation, thumbnails, search, and its data. */
export function DocumentViewer({ file, actions }: { readonly file: CertificateDocument; readonly actions: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const opened = useSheets(file);
  const view = useView(opened.source?.pages ?? 1);
  const { page, zoom, turn, panel, phrase } = view;
  const [scale, setScale] = useState(1);
  const [failed, setFailed] = useState<SheetRefusal | null>(null);
  const refusal = opened.refusal ?? failed;
  if (refusal !== null)
    return (
      <p className="pane pane-failed" role="alert" data-testid="viewer-refused" data-refusal={refusal}>
        {t(`viewer.refusal.${refusal}`)}
      </p>
    );
  const { source } = opened;
  const keys = (event: KeyboardEvent): void => view.press(event, scale);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the parts inside end here
    <div className="pane" data-testid="viewer" data-format={file.format} data-own-keys onKeyDown={keys}>
      <div className="pane-facts">
        <FileFacts file={file} />
        <SignatureChip file={file} />
        <PlatformVerdict file={file} />
        <span className="pane-format">{file.format}</span>
      </div>
      <div className="pane-bar">
        <ViewerTools view={view} pages={source?.pages ?? 1} scale={scale} />
        {actions}
      </div>
      <div className="viewer-body">
        <ViewerDesk over={<WatermarkLayer lines={file.watermark} onTouched={() => void store.call((client) => client.certificate.watermarkLost({ documentId: file.documentId }))} />}>
          {(room) =>
            source === null ? (
              <p className="pane-empty" role="status">{t('viewer.opening')}</p>
            ) : (
              <ViewerSheet source={source} page={page} zoom={zoom} turn={turn} room={room} phrase={panel === 'search' ? phrase : ''} onScale={setScale} onRefused={setFailed} />
            )
          }
        </ViewerDesk>
        {source !== null && panel === 'pages' && <ViewerThumbnails source={source} page={page} choose={view.goTo} />}
        {source !== null && panel === 'search' && <ViewerSearch source={source} page={page} phrase={phrase} setPhrase={view.setPhrase} choose={view.goTo} />}
        {source !== null && panel === 'fields' && <ViewerFields source={source} surface={file.surface} />}
      </div>
    </div>
  );
}

function useSheets({ bytesBase64, format }: CertificateDocument): { readonly source: SheetSource | null; readonly refusal: SheetRefusal | null } {
  const [opened, setOpened] = useState<{ source: SheetSource | null; refusal: SheetRefusal | null }>({ source: null, refusal: null });
  useEffect(() => {
    let current = true;
    let own: SheetSource | null = null;
    const bytes = decodeBase64(bytesBase64);
    const open = format === 'PDF' ? openPdfSource : openOfd;
    const opening = bytes === null ? Promise.reject(new SheetError('damaged')) : open(bytes);
    opening.then(
      (source) => {
        own = source;
        if (current) setOpened({ source, refusal: null });
        else source.close();
      },
      (error: unknown) => current && setOpened({ source: null, refusal: refusalOf(error) }),
    );
    return () => {
      current = false;
      own?.close();
    };
  }, [bytesBase64, format]);
  return opened;
}
