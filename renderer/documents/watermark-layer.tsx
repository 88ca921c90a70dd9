import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { guardWatermark } from './watermark.ts';

interface LayerProps {
  readonly lines: readonly string[];
  /** Told once when the watermark was touched. */
  readonly onTouched: () => void;
}

/** The tiled watermark over whatever it shares its place with; whoever removes the layer itself finds a new one. */
export function WatermarkLayer({ lines, onTouched }: LayerProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const isTold = useRef(false);
  const text = lines.join('\n');
  const tell = useEffectEvent(() => {
    if (isTold.current) return;
    isTold.current = true;
    onTouched();
  });
  useEffect(() => {
    const own = place.current;
    if (own === null) return undefined;
    const host = own.parentElement ?? document.body;
    const stop = guardWatermark(own, text.split('\n'), () => tell());
    const back = new MutationObserver(() => {
      if (own.parentElement === host) return;
      host.append(own);
      tell();
    });
    back.observe(host, { childList: true });
    return () => {
      back.disconnect();
      stop();
    };
  }, [text]);
  return <div className="watermark-layer" ref={place} />;
}
