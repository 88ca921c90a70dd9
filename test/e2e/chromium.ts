import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The installed browser: COUNTER_BROWSER, or the first Chromium, Chrome or Edge on the path. */
export function findChromium(): string {
  const named = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const places = (process.env['PATH'] ?? '').split(path.delimiter).flatMap((folder) => named.map((name) => path.join(folder, name)));
  const found = [process.env['COUNTER_BROWSER'] ?? '', ...places].find((place) => place !== '' && existsSync(place));
  if (found === undefined) throw new Error('the window tests need Chromium, Chrome or Edge; set COUNTER_BROWSER to its path');
  return found;
}

/** A browser without windows; `cameraClip` becomes its camera, granted without asking. */
export function launchChromium({ cameraClip }: { cameraClip?: string } = {}): Promise<Browser> {
  const camera = cameraClip === undefined ? [] : ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${cameraClip}`];
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...camera,
    ],
  });
}
