import type { Page } from 'playwright-core';

/** How far a wedge scanner's keys are apart, ms. */
const gapMs = 4;

/**
 * Types like a keyboard-wedge scanner: real key events, time-stamped at the pace of the device whatever else the machine
 * does, ended by Enter. `text` is digits and upper-case letters.
 */
export async function typeAsScanner(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const start = Date.now() - (text.length + 1) * gapMs;
  const keys = [...text].map((character) => ({
    key: character,
    code: /[0-9]/.test(character) ? `Digit${character}` : `Key${character}`,
    text: character,
    windowsVirtualKeyCode: character.charCodeAt(0),
    modifiers: /[A-Z]/.test(character) ? shift : 0,
  }));
  const all = [...keys, { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13, modifiers: 0 }];
  // All at once: what waits in a queue waits there with its time stamps, as it does on a busy machine.
  await Promise.all(
    all.flatMap((key, index) => {
      const timestamp = (start + index * gapMs) / 1000;
      return [
        session.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...key }),
        session.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp: timestamp + 0.001, ...key }),
      ];
    }),
  );
  await session.detach();
}

/** The bit of the protocol's `modifiers`. */
const shift = 8;
