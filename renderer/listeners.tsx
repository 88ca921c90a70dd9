import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { useLocalTools } from './application-providers.tsx';
import { useCommands } from './commands.tsx';
import { useCounter } from './counter/counter-context.tsx';
import type { ScanView } from './counter/counter-state.ts';
import { useImageDrop } from './image/image-drop.ts';
import { type CommandKey, commandOf } from './keys.ts';
import { useWedge } from './wedge/wedge-capture.ts';
import { useWindow } from './window-state.tsx';

/** Everything that listens to the whole window: keys, wedge, dropped pictures, and what a scan sets in motion. */
export function Listeners(): ReactNode {
  useKeys();
  useWedge();
  useImageDrop();
  useScanReactions();
  useReadyViewer();
  return null;
}

/** The viewer's program and the workers of the first document, once the window has nothing else to do: not while it starts. What fails here is tried again when it is needed. */
function useReadyViewer(): void {
  useEffect(() => {
    const prepare = async (): Promise<void> => {
      await import('./documents/certificate-browser.tsx');
      const { prepareDocuments } = await import('./documents/readiness.ts');
      prepareDocuments();
    };
    const idle = requestIdleCallback(() => void prepare().catch(() => undefined), { timeout: 5000 });
    return () => cancelIdleCallback(idle);
  }, []);
}

function useKeys(): void {
  const commands = useCommands();
  const run = useEffectEvent((command: CommandKey) => commands.run(command));
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const command = commandOf(event);
      if (command === null) return;
      event.preventDefault();
      if (!event.repeat) run(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** A scan from anywhere shows its verdict: over whatever was open, with its own sound. */
function useScanReactions(): void {
  const { speaker } = useLocalTools();
  const { go, chooseCertificate } = useWindow();
  const scan = useCounter((state) => state.scan);
  const heard = useRef('');
  useEffect(() => {
    const mark = markOf(scan);
    if (mark === heard.current) return;
    heard.current = mark;
    if (scan.phase === 'waiting') return;
    go('verify');
    if (scan.phase === 'unreadable') speaker.play('malformed');
    if (scan.phase !== 'verdict') return;
    if (scan.repeats === 0) chooseCertificate(null);
    speaker.play(scan.repeats > 0 ? 'click' : scan.verdict.state);
  }, [scan, speaker, go, chooseCertificate]);
}

/** What makes one scan's news another's: the same news is heard once. */
function markOf(scan: ScanView): string {
  switch (scan.phase) {
    case 'waiting':
      return '';
    case 'reading':
      return `reading ${scan.scanId}`;
    case 'verdict':
      return `${scan.verdict.scanId} ${scan.verdict.state} ${scan.repeats}`;
    case 'unreadable':
      return `unreadable ${scan.code} ${scan.count}`;
  }
}
