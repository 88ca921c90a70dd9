import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClock, useCounter } from '../counter/counter-context.tsx';
import { useWindow } from '../window-state.tsx';
import { SessionControls } from '../screens/access/session-controls.tsx';
import { type Chip, concerns, listChips } from './status-chips.ts';

/** Where this is and who works here, and whether everything that must work does. */
export function TopBar(): ReactNode {
  const { t } = useTranslation();
  const session = useCounter((state) => state.session);
  return (
    <header className="top-bar">
      <div className="mark">{t('app.mark')}</div>
      {session !== null && (
        <>
          <div className="site">
            <strong>{session.site.hall}</strong>
            <span>{session.site.window}</span>
          </div>
          <StatusChips />
          <div className="operator">
            <span className="avatar" aria-hidden="true">
              {session.operator.name.slice(0, 1)}
            </span>
            <strong>{session.operator.name}</strong>
            <span>{t(`role.${session.operator.role}`)}</span>
            <SessionControls />
          </div>
        </>
      )}
    </header>
  );
}

function StatusChips(): ReactNode {
  const { t } = useTranslation();
  // Without the local service nobody knows whether the last status still holds.
  const status = useCounter((state) => (state.connection === 'open' ? state.status : null));
  const role = useCounter((state) => state.session?.operator.role ?? 'operator');
  const { camera } = useWindow();
  const now = useClock(10_000);
  const [opened, setOpened] = useState<string | null>(null);
  if (status === null) return <div className="chips" />;
  return (
    <div className="chips" role="group" aria-label={t('chip.label')}>
      {listChips(status, camera, now, t).filter((chip) => concerns(role, chip)).map((chip) => (
        <ChipButton
          key={chip.id + chip.text}
          chip={chip}
          opened={opened === chip.id + chip.text}
          toggle={(open) => setOpened(open ? chip.id + chip.text : null)}
        />
      ))}
    </div>
  );
}

interface ChipButtonProps {
  readonly chip: Chip;
  readonly opened: boolean;
  readonly toggle: (open: boolean) => void;
}

function ChipButton({ chip, opened, toggle }: ChipButtonProps): ReactNode {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!opened) return undefined;
    const closeOutside = (event: PointerEvent): void => {
      if (place.current?.contains(event.target as Node) !== true) toggle(false);
    };
    // Before the window's own keys hear of it: this Esc closes the facts, not the verdict.
    const closeByKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      toggle(false);
    };
    window.addEventListener('pointerdown', closeOutside);
    window.addEventListener('keydown', closeByKey, true);
    return () => {
      window.removeEventListener('pointerdown', closeOutside);
      window.removeEventListener('keydown', closeByKey, true);
    };
  });
  return (
    <div className="chip-place" ref={place}>
      <button
        type="button"
        className={`chip chip-${chip.level}`}
        aria-expanded={opened}
        aria-controls={id}
        data-testid={`chip-${chip.id}`}
        data-level={chip.level}
        onClick={() => toggle(!opened)}
      >
        {chip.level !== 'plain' && <span className="dot" aria-hidden="true" />}
        <span className="chip-text">{chip.text}</span>
      </button>
      {opened && <ChipFacts id={id} chip={chip} toggle={toggle} />}
    </div>
  );
}

function ChipFacts({ id, chip, toggle }: { readonly id: string; readonly chip: Chip; readonly toggle: (open: boolean) => void }): ReactNode {
  const { t } = useTranslation();
  const { go } = useWindow();
  const { opens } = chip;
  return (
    <div className="chip-facts" id={id} role="region" aria-label={chip.text} data-testid={`chip-facts-${chip.id}`}>
      <strong>{chip.text}</strong>
      {chip.facts.filter(Boolean).map((fact) => (
        <p key={fact}>{fact}</p>
      ))}
      {opens !== null && (
        <button
          type="button"
          className="link"
          onClick={() => {
            toggle(false);
            go(opens);
          }}
        >
          {t(`chip.${opens}Link`)}
        </button>
      )}
    </div>
  );
}
