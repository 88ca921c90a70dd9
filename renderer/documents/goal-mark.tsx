import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SheetSize, SheetSource, SheetSpot } from './sheet-source.ts';
import type { Aim } from './viewer-state.ts';

interface GoalMarkProps {
  readonly source: SheetSource;
  readonly aim: Aim;
  readonly size: SheetSize;
  readonly scale: number;
}

/** Points at the place that was gone to, and brings it into sight; where the whole page is in sight nothing moves. */
export function GoalMark({ source, aim, size, scale }: GoalMarkProps): ReactNode {
  const mark = useRef<HTMLSpanElement>(null);
  const [found, setFound] = useState<{ aim: Aim; spot: SheetSpot } | null>(null);
  useEffect(() => {
    let current = true;
    // A page whose place cannot be found is still the page that was gone to.
    source.locate(aim.page, aim.place).then(
      (spot) => current && setFound({ aim, spot }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [source, aim]);
  const spot = found?.aim === aim ? found.spot : null;
  useEffect(() => {
    if (spot !== null) mark.current?.scrollIntoView({ block: 'start', inline: 'nearest' });
  }, [spot]);
  if (spot === null) return null;
  return <span ref={mark} className="sheet-goal" style={{ left: within(spot.x, size.width) * scale, top: within(spot.y, size.height) * scale }} data-testid="sheet-goal" aria-hidden="true" />;
}

/** A file may name any number. */
function within(length: number, side: number): number {
  return Math.min(side, Math.max(0, length));
}
