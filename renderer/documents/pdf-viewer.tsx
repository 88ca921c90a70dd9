import type { PDFDocumentProxy } from 'pdfjs-dist';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.table.ts';
import { FileFacts, PlatformVerdict } from './file-facts.tsx';
import { drawPage, openPdf } from './pdf-document.ts';
import { fitScale, nextZoom, type Room } from './sheet-scale.ts';
import { WatermarkLayer } from './watermark-layer.tsx';

/** The page of a PDF under its watermark: pages, zoom, fit to width or page. */
export function PdfViewer({ file, actions }: { readonly file: CertificateDocument; readonly actions: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { pdf, broken } = usePdf(file.bytesBase64);
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState<number | 'fit'>('fit');
  const [scale, setScale] = useState(1);
  if (broken)
    return (
      <p className="pane pane-failed" role="alert">
        {t('viewer.broken')}
      </p>
    );
  const step = (direction: 1 | -1): void => setZoom(nextZoom(scale, direction));
  return (
    <div className="pane" data-testid="pdf-viewer">
      <div className="pane-bar">
        <FileFacts file={file} />
        <PlatformVerdict file={file} />
        <span className="pane-format">PDF</span>
        {pdf !== null && pdf.numPages > 1 && <PageButtons page={page} pages={pdf.numPages} setPage={setPage} />}
        <div className="zoom" role="group">
          <ToolButton icon="minus" label={t('viewer.zoomOut')} run={() => step(-1)} />
          <output>{Math.round(scale * 100)}%</output>
          <ToolButton icon="plus" label={t('viewer.zoomIn')} run={() => step(1)} />
          <ToolButton icon="fit" label={t('viewer.fit')} run={() => setZoom('fit')} />
        </div>
        {actions}
      </div>
      <Desk over={<WatermarkLayer lines={file.watermark} />}>
        {(room) =>
          pdf === null ? <p className="pane-empty">{t('viewer.opening')}</p> : <Sheet pdf={pdf} page={page} zoom={zoom} room={room} onScale={setScale} />
        }
      </Desk>
    </div>
  );
}

function usePdf(bytesBase64: string): { readonly pdf: PDFDocumentProxy | null; readonly broken: boolean } {
  const [opened, setOpened] = useState<{ pdf: PDFDocumentProxy | null; broken: boolean }>({ pdf: null, broken: false });
  useEffect(() => {
    let current = true;
    let own: PDFDocumentProxy | null = null;
    const bytes = decodeBase64(bytesBase64);
    const opening = bytes === null ? Promise.reject(new Error('not BASE64')) : openPdf(bytes);
    opening.then(
      (pdf) => {
        own = pdf;
        if (current) setOpened({ pdf, broken: false });
        else void pdf.loadingTask.destroy();
      },
      () => current && setOpened({ pdf: null, broken: true }),
    );
    return () => {
      current = false;
      void own?.loadingTask.destroy();
    };
  }, [bytesBase64]);
  return opened;
}

/** The ground a sheet lies on; what lies over it stays in place while the sheet scrolls. */
function Desk({ children, over }: { readonly children: (room: Room) => ReactNode; readonly over: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const desk = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = desk.current;
    if (element === null) return undefined;
    const measure = (): void => setRoom({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="desk">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="desk-scroll" ref={desk} tabIndex={0} role="region" aria-label={t('certificate.surface')}>
        {children(room)}
      </div>
      {over}
    </div>
  );
}

interface SheetProps {
  readonly pdf: PDFDocumentProxy;
  readonly page: number;
  readonly zoom: number | 'fit';
  readonly room: Room;
  readonly onScale: (scale: number) => void;
}

const pointsToPixels = 96 / 72;

function Sheet({ pdf, page, zoom, room, onScale }: SheetProps): ReactNode {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    if (room.width === 0) return undefined;
    let current = true;
    const draw = async (): Promise<void> => {
      const own = canvas.current;
      const natural = (await pdf.getPage(page)).getViewport({ scale: pointsToPixels });
      const scale = zoom === 'fit' ? fitScale(natural, room) : zoom;
      if (!current || own === null) return;
      onScale(scale);
      await drawPage(pdf, page, own, scale * pointsToPixels, window.devicePixelRatio);
      if (current) setDrawn(true);
    };
    // A document destroyed while it is drawn rejects; the next one draws itself.
    draw().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [pdf, page, zoom, room, onScale]);
  return <canvas ref={canvas} className="sheet" role="img" aria-label={t('viewer.canvas', { page })} data-testid="pdf-canvas" data-drawn={drawn} data-page={page} />;
}

function PageButtons({ page, pages, setPage }: { readonly page: number; readonly pages: number; readonly setPage: (page: number) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="zoom" role="group">
      <ToolButton icon="left" label={t('viewer.previous')} run={() => setPage(Math.max(1, page - 1))} />
      <output>{t('viewer.page', { page, pages })}</output>
      <ToolButton icon="right" label={t('viewer.next')} run={() => setPage(Math.min(pages, page + 1))} />
    </div>
  );
}

function ToolButton({ icon, label, run }: { readonly icon: IconName; readonly label: string; readonly run: () => void }): ReactNode {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={run}>
      <Icon name={icon} size={17} />
    </button>
  );
}
