import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.table.ts';
import { nextZoom } from './sheet-scale.ts';
import { type SidePanel, sidePanels, type View } from './viewer-state.ts';

const panelIcons = { pages: 'pages', outline: 'outline', search: 'search', fields: 'checklist' } as const satisfies Record<SidePanel, IconName>;

/** The buttons of the viewer: pages, zoom, rotation, and what stands beside the page. */
export function ViewerTools({ view, pages, scale }: { readonly view: View; readonly pages: number; readonly scale: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {pages > 1 && (
        <div className="zoom" role="group">
          <ToolButton icon="left" label={t('viewer.previous')} run={() => view.goTo(view.page - 1)} />
          <output data-testid="viewer-page">{t('viewer.page', { page: view.page, pages })}</output>
          <ToolButton icon="right" label={t('viewer.next')} run={() => view.goTo(view.page + 1)} />
        </div>
      )}
      <div className="zoom" role="group">
        <ToolButton icon="minus" label={t('viewer.zoomOut')} run={() => view.setZoom(nextZoom(scale, -1))} />
        <output>{Math.round(scale * 100)}%</output>
        <ToolButton icon="plus" label={t('viewer.zoomIn')} run={() => view.setZoom(nextZoom(scale, 1))} />
        <ToolButton icon="fit" label={t('viewer.fit')} run={() => view.setZoom('fit')} />
        <ToolButton icon="rotate" label={t('viewer.rotate')} run={view.rotate} />
        {sidePanels.map((panel) => (
          <ToolButton key={panel} icon={panelIcons[panel]} label={t(`viewer.panel.${panel}`)} run={() => view.toggle(panel)} pressed={view.panel === panel} name={`viewer-${panel}`} />
        ))}
      </div>
    </>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
  readonly pressed?: boolean;
  readonly name?: string;
}

function ToolButton({ icon, label, run, pressed, name }: ToolProps): ReactNode {
  return (
    <button type="button" className="icon-button" aria-label={label} aria-pressed={pressed} title={label} data-testid={name} onClick={run}>
      <Icon name={icon} size={17} />
    </button>
  );
}
