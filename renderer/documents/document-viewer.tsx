import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import { useCounterTools } from '../counter/counter-context.tsx';
import { DocumentChooser } from './document-chooser.tsx';
import { FileFacts, PlatformVerdict } from './file-facts.tsx';
import { useLinks } from './link-layer.tsx';
import { SignatureChip } from './signature-panel.tsx';
import { openOfd } from './ofd-source.ts';
import { PaneWait } from './pane-wait.tsx';
import { openPdfSource } from './pdf-source.ts';
import { type DocumentChoices, type DocumentPick, refusalOf, SheetError, type SheetRefusal, type SheetSource } from './sheet-source.ts';
import { ViewerDesk } from './viewer-desk.tsx';
import { ViewerFields } from './viewer-fields.tsx';
import { ViewerOutline } from './viewer-outline.tsx';
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
  const [pick, setPick] = useState<DocumentPick>(firstPick);
  const opened = useSheets(file, pick);
  const view = useView(opened.source?.pages ?? 1);
  const { page, zoom, turn, panel, phrase, aim } = view;
  const links = useLinks(opened.source, page);
  const [scale, setScale] = useState(1);
  const [failed, setFailed] = useState<SheetRefusal | null>(null);
  const refusal = opened.refusal ?? failed;
  const { source, choices } = opened;
  const choose = (wanted: DocumentPick): void => {
    setFailed(null);
    view.goTo(1);
    setPick(wanted);
  };
  const chooser = choices === null ? null : <DocumentChooser choices={choices} pick={pick} choose={choose} />;
  if (refusal !== null)
    return (
      <div className="pane">
        {chooser}
        <p className="pane-failed" role="alert" data-testid="viewer-refused" data-refusal={refusal}>
          {t(`viewer.refusal.${refusal}`)}
        </p>
      </div>
    );
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
      {chooser}
      <div className="viewer-body">
        <ViewerDesk over={<WatermarkLayer lines={file.watermark} onTouched={() => void store.call((client) => client.certificate.watermarkLost({ documentId: file.documentId }))} />}>
          {(room) =>
            source === null ? (
              <PaneWait text={t('viewer.opening')} />
            ) : (
              <ViewerSheet source={source} page={page} zoom={zoom} turn={turn} room={room} phrase={panel === 'search' ? phrase : ''} links={links} aim={aim} choose={view.goTo} onScale={setScale} onRefused={setFailed} />
            )
          }
        </ViewerDesk>
        {source !== null && panel === 'pages' && <ViewerThumbnails source={source} page={page} choose={view.goTo} />}
        {source !== null && panel === 'outline' && <ViewerOutline source={source} page={page} links={links} choose={view.goTo} />}
        {source !== null && panel === 'search' && <ViewerSearch source={source} page={page} phrase={phrase} setPhrase={view.setPhrase} choose={view.goTo} />}
        {source !== null && panel === 'fields' && <ViewerFields source={source} surface={file.surface} />}
      </div>
    </div>
  );
}

const firstPick: DocumentPick = { document: 0, version: null };

interface Sheets {
  /** Null while it opens. */
  readonly source: SheetSource | null;
  /** What the last one that opened offered: it stays while the next opens. */
  readonly choices: DocumentChoices | null;
  readonly refusal: SheetRefusal | null;
}

function useSheets({ bytesBase64, format }: CertificateDocument, pick: DocumentPick): Sheets {
  const [opened, setOpened] = useState<Sheets>({ source: null, choices: null, refusal: null });
  useEffect(() => {
    let current = true;
    let own: SheetSource | null = null;
    const bytes = decodeBase64(bytesBase64);
    const open = format === 'PDF' ? openPdfSource : openOfd;
    const opening = bytes === null ? Promise.reject(new SheetError('damaged')) : open(bytes, pick);
    opening.then(
      (source) => {
        own = source;
        if (current) setOpened({ source, choices: source.choices, refusal: null });
        else source.close();
      },
      (error: unknown) => current && setOpened((before) => ({ ...before, source: null, refusal: refusalOf(error) })),
    );
    return () => {
      current = false;
      own?.close();
      setOpened((before) => ({ ...before, source: null, refusal: null }));
    };
  }, [bytesBase64, format, pick]);
  return opened;
}
