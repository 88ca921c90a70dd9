import { type ReactNode, useEffect, useRef } from 'react';
import { useLocalTools } from './application-providers.tsx';
import { useCommands } from './commands.tsx';
import { useCounter, useCounterTools } from './counter/counter-context.tsx';
import { useImageDrop } from './image/image-drop.ts';
import { commandOf, createLoneKey } from './keys.ts';
import { useWedge } from './wedge/wedge-capture.ts';
import { useWindow } from './window-state.tsx';

/** Everything that listens to the whole window: keys, wedge, dropped pictures, and what a scan sets in motion. */
export function Listeners(): ReactNode {
  useKeys();
  useWedge();
  useImageDrop();
  useScanReactions();
  return null;
}

function useKeys(): void {
  const commands = useCommands();
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const lone = createLoneKey();
    const press = (event: KeyboardEvent): void => {
      lone.cancel();
      const command = commandOf(event);
      if (command === null) return;
      event.preventDefault();
      if (event.repeat) return;
      if (event.key.length === 1) lone.wait(() => latest.current.run(command));
      else latest.current.run(command);
    };
    window.addEventListener('keydown', press);
    return () => {
      lone.cancel();
      window.removeEventListener('keydown', press);
    };
  }, []);
}

/** A scan from anywhere shows its verdict: over whatever was open, with its own sound. */
function useScanReactions(): void {
  const { store } = useCounterTools();
  const { speaker } = useLocalTools();
  const { go, chooseCertificate } = useWindow();
  const scan = useCounter((state) => state.scan);
  const heard = useRef<string>('');
  const move = useRef({ go, chooseCertificate });
  move.current = { go, chooseCertificate };
  useEffect(() => {
    if (scan.phase === 'waiting') {
      heard.current = '';
      return;
    }
    move.current.go('verify');
    if (scan.phase === 'reading') return;
    const mark = scan.phase === 'verdict' ? `${scan.verdict.scanId} ${scan.verdict.state} ${scan.repeats}` : `unreadable ${scan.code}`;
    if (mark === heard.current) return;
    const again = scan.phase === 'verdict' && scan.repeats > 0;
    heard.current = mark;
    if (scan.phase === 'verdict') {
      if (!again) move.current.chooseCertificate(null);
      speaker.play(again ? 'click' : scan.verdict.state);
    } else speaker.play('malformed');
  }, [scan, speaker, store]);
}
