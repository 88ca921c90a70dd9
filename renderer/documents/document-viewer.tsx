import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import { useCounterTools } from '../counter/counter-context.tsx';
import { DocumentChooser } from './document-chooser.tsx';
import { FileFacts, PlatformVerdict } from './file-facts.tsx';
import { type CaptionedLink, useLinks } from './link-layer.tsx';
import { useSearchKey } from './search-key.ts';
import { SignatureChip } from './signature-panel.tsx';
import { openOfd } from './ofd-source.ts';
import { PaneWait } from './pane-wait.tsx';
import { openPdfSource } from './pdf-source.ts';
import { prepareDocuments } from './readiness.ts';
import { type DocumentChoices, type DocumentPick, refusalOf, SheetError, type SheetRefusal, type SheetSource } from './sheet-source.ts';
import { ViewerDesk } from './viewer-desk.tsx';
import { ViewerFields } from './viewer-fields.tsx';
import { ViewerOutline } from './viewer-outline.tsx';
import { ViewerSearch } from './viewer-search.tsx';
import { type ShownSheet, ViewerSheet } from './viewer-sheet.tsx';
import { ViewerThumbnails } from './viewer-thumbnails.tsx';
import { useView, type View } from './viewer-state.ts';
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
  const [failed, setFailed] = useState<SheetRefusal | null>(null);
  const refusal = opened.refusal ?? failed;
  const { source, choices } = opened;
  const { seen, scale, setShown } = useSeen(source);
  useSearchKey(view.openSearch);
  const links = useLinks(source, seen?.page ?? null);
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
              <ViewerSheet source={source} page={page} zoom={zoom} turn={turn} room={room} phrase={panel === 'search' ? phrase : ''} links={links} aim={aim} choose={view.goTo} onShown={setShown} onRefused={setFailed} />
            )
          }
        </ViewerDesk>
        <ViewerSide source={seen?.source ?? null} view={view} links={links} surface={file.surface} />
      </div>
    </div>
  );
}

interface SideProps {
  /** Null while nothing of the document is to be seen. */
  readonly source: SheetSource | null;
  readonly view: View;
  readonly links: readonly CaptionedLink[];
  readonly surface: CertificateDocument['surface'];
}

function ViewerSide({ source, view: { panel, page, phrase, setPhrase, goTo }, links, surface }: SideProps): ReactNode {
  // Its place is taken from the start, so that the page is not drawn for a desk that becomes narrower.
  if (panel === 'fields') return <ViewerFields source={source} surface={surface} />;
  if (source === null) return null;
  if (panel === 'pages') return <ViewerThumbnails source={source} page={page} choose={goTo} />;
  if (panel === 'outline') return <ViewerOutline source={source} page={page} links={links} choose={goTo} />;
  return panel === 'search' ? <ViewerSearch source={source} page={page} phrase={phrase} setPhrase={setPhrase} choose={goTo} /> : null;
}

/** What is to be seen of a source: before that, nothing else of it is read. The scale outlives it. */
function useSeen(source: SheetSource | null): { readonly seen: ShownSheet | null; readonly scale: number; readonly setShown: (shown: ShownSheet) => void } {
  const [shown, setShown] = useState<ShownSheet | null>(null);
  const seen = shown !== null && shown.source === source ? shown : null;
  const isSeen = seen !== null;
  useEffect(() => {
    if (!isSeen) return undefined;
    // The next document finds a worker that is ready, and this one did not wait for it.
    const idle = requestIdleCallback(prepareDocuments, { timeout: 2000 });
    return () => cancelIdleCallback(idle);
  }, [isSeen]);
  return { seen, scale: shown?.scale ?? 1, setShown };
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
        // At once: the page is asked for when there is a sheet for it.
        if (current) flushSync(() => setOpened({ source, choices: source.choices, refusal: null }));
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
