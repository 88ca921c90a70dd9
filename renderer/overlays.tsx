import { lazy, type ReactNode, Suspense } from 'react';
import { ConfirmNext } from './components/confirm-next.tsx';
import { useWindow } from './window-state.tsx';

const HelpOverlay = lazy(() => import('./components/help-overlay.tsx').then((module) => ({ default: module.HelpOverlay })));
const MatterPicker = lazy(() => import('./components/matter-picker.tsx').then((module) => ({ default: module.MatterPicker })));
const NoticeOverlay = lazy(() => import('./components/notice-overlay.tsx').then((module) => ({ default: module.NoticeOverlay })));
const CameraOverlay = lazy(() => import('./camera/camera-overlay.tsx').then((module) => ({ default: module.CameraOverlay })));
const ImageOverlay = lazy(() => import('./image/image-overlay.tsx').then((module) => ({ default: module.ImageOverlay })));

/** Whatever lies over the screen now. */
export function Overlays(): ReactNode {
  const { overlay } = useWindow();
  return <Suspense fallback={null}>{overlay !== null && <Opened overlay={overlay} />}</Suspense>;
}

function Opened({ overlay }: { readonly overlay: NonNullable<ReturnType<typeof useWindow>['overlay']> }): ReactNode {
  switch (overlay) {
    case 'help':
      return <HelpOverlay />;
    case 'matters':
      return <MatterPicker />;
    case 'confirm-next':
      return <ConfirmNext />;
    case 'notice':
      return <NoticeOverlay />;
    case 'camera':
      return <CameraOverlay />;
    case 'image':
      return <ImageOverlay />;
  }
}
