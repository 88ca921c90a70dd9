import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from './sheet-scale.ts';

/** The ground a sheet lies on; what lies over it stays in place while the sheet scrolls. */
export function ViewerDesk({ children, over }: { readonly children: (room: Room) => ReactNode; readonly over: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const desk = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = desk.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      // The same room again would draw the same page again.
      setRoom((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
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
