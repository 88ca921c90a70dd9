import { type ReactNode, useEffect, useRef } from 'react';
import { guardWatermark } from './watermark.ts';

/** The tiled watermark over whatever it shares its place with; whoever removes the layer itself finds a new one. */
export function WatermarkLayer({ lines }: { readonly lines: readonly string[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const text = lines.join('\n');
  useEffect(() => {
    const own = place.current;
    if (own === null) return undefined;
    const host = own.parentElement ?? document.body;
    const stop = guardWatermark(own, text.split('\n'));
    const back = new MutationObserver(() => {
      if (own.parentElement !== host) host.append(own);
    });
    back.observe(host, { childList: true });
    return () => {
      back.disconnect();
      stop();
    };
  }, [text]);
  return <div className="watermark-layer" ref={place} />;
}
