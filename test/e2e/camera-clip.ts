import { writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/**
 * Writes what a webcam would see of a phone held in front of it: first an empty desk, then the given picture on a phone
 * screen. Motion JPEG, as Chromium's fake camera reads it; the clip repeats by itself.
 */
export async function writeCameraClip(deps: { browser: Browser; picturePng: Uint8Array; file: string; emptyFrames?: number; phoneFrames?: number }): Promise<void> {
  const { browser, picturePng, file, emptyFrames = 8, phoneFrames = 40 } = deps;
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  try {
    const shoot = async (inner: string): Promise<Buffer> => {
      await page.setContent(
        `<body style="margin:0;height:720px;display:grid;place-items:center;background:linear-gradient(160deg,#8a8377,#5d574c)">${inner}</body>`,
      );
      return page.screenshot({ type: 'jpeg', quality: 92 });
    };
    const empty = await shoot('');
    const source = `data:image/png;base64,${Buffer.from(picturePng).toString('base64')}`;
    const phone = await shoot(
      `<div style="width:440px;height:640px;border-radius:36px;background:#111;display:grid;place-items:center;transform:rotate(3deg) perspective(1600px) rotateY(6deg)">
         <div style="width:410px;height:600px;border-radius:24px;background:#fff;display:grid;place-items:center"><img src="${source}" style="width:360px"></div></div>`,
    );
    writeFileSync(file, Buffer.concat([...Array.from({ length: emptyFrames }, () => empty), ...Array.from({ length: phoneFrames }, () => phone)]));
  } finally {
    await page.close();
  }
}
