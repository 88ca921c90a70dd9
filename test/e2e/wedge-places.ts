import type { Page } from 'playwright-core';
import type { CounterBackend } from '../fakes/counter-backend.ts';

/** One state of the window that a code can be scanned into. */
export interface Place {
  readonly name: string;
  readonly reach: (page: Page, backend: CounterBackend) => Promise<void>;
}

const screen = (name: string, testId: string): Place => ({
  name,
  reach: async (page) => {
    await page.getByTestId(`nav-${name}`).click();
    await page.getByTestId(testId).first().waitFor();
  },
});
const overlay = (name: string, open: (page: Page) => Promise<void>, testId = name): Place => ({
  name,
  reach: async (page) => {
    await page.getByTestId('nav-verify').click();
    await open(page);
    await page.getByTestId(testId).waitFor();
  },
});
const verdict = (name: 'verified' | 'data-missing' | 'expired'): Place => ({
  name: `verdict ${name}`,
  reach: async (page, backend) => {
    await page.getByTestId('nav-verify').click();
    const { scanId } = await backend.scan(name);
    await page.locator(`[data-scan-id="${scanId}"]`).first().waitFor();
  },
});
const withVerdict = (place: Place): Place => ({
  name: place.name,
  reach: async (page, backend) => {
    await verdict('verified').reach(page, backend);
    await place.reach(page, backend);
  },
});

/** Every screen and everything that can lie over one. */
export const places: readonly Place[] = [
  screen('verify', 'case-strip'),
  verdict('verified'),
  verdict('data-missing'),
  verdict('expired'),
  withVerdict(screen('certificates', 'certificate')),
  screen('records', 'record'),
  screen('audit', 'audit-row'),
  screen('devices', 'devices'),
  screen('settings', 'operator-name'),
  overlay('help', (page) => page.keyboard.press('F1')),
  overlay('matters', (page) => page.keyboard.press('F2')),
  overlay('matter chosen', async (page) => {
    await page.keyboard.press('F2');
    await page.getByTestId('matter-recent-2').click();
  }, 'case-open'),
  overlay('image', (page) => openWaiting(page, 'open-image')),
  overlay('camera', (page) => openWaiting(page, 'open-camera')),
  withVerdict(overlay('notice', (page) => page.keyboard.press('F8'))),
];

/** The next person's waiting screen, and something opened from it. */
async function openWaiting(page: Page, button: string): Promise<void> {
  await page.keyboard.press('F4');
  const [go, opener] = [page.getByTestId('confirm-go'), page.getByTestId(button)];
  await go.or(opener).first().waitFor();
  if (await go.isVisible()) await go.click();
  await opener.click();
}

/** The places in which arrows choose, turn pages or open a list. */
export const choosing: readonly Place[] = places.filter(({ name }) => ['verdict verified', 'certificates', 'records', 'devices', 'camera', 'notice'].includes(name));

/** What gives arrows and page keys a meaning of its own. */
export const choosers = '[role="tab"], [role="combobox"], select, input[type="radio"], [data-own-keys] button';

/** Leaves whatever lies over the screen. */
export async function leaveOverlay(page: Page): Promise<void> {
  for (let tries = 0; tries < 5 && (await page.locator('dialog:modal').count()) > 0; tries += 1) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
  }
}

/** Whether a document is still on its way to the screen: its buttons change places when it is there. */
export function isOpening(page: Page): Promise<boolean> {
  return page.evaluate("document.querySelector('.pane-empty[role=\"status\"]') !== null");
}

/** Everything that can have the focus now, from -1 (nothing) to the number given minus 1. */
export function countFocusable(page: Page, selector = '*'): Promise<number> {
  return page.evaluate(`${listFocusable(selector)}.length`);
}

/** Gives the focus to one of them; -1 takes it away. */
export function focusOn(page: Page, index: number, selector = '*'): Promise<string> {
  return page.evaluate(`(() => {
    document.activeElement?.blur?.();
    const element = ${listFocusable(selector)}[${index}];
    element?.focus();
    return element === undefined ? 'nothing' : ${nameOf('element')};
  })()`);
}

const listFocusable = (selector: string): string => `[...([...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body).querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex]')]
  .filter((element) => element.matches(${JSON.stringify(selector)}) && !element.disabled && element.tabIndex >= 0 && element.checkVisibility())`;

/** What somebody would call an element; its place among the others changes with whatever comes to the screen late. */
const nameOf = (element: string): string => `(${element}.tagName.toLowerCase() + ' ' + (${element}.dataset.testid ?? ${element}.getAttribute('aria-label') ?? ${element}.textContent).slice(0, 30))`;

/** All that a key could have changed, as one text. */
export function pictureOf(page: Page): Promise<string> {
  return page.evaluate(`JSON.stringify({
    screen: document.querySelector('.frame')?.dataset.screen,
    dialogs: [...document.querySelectorAll('dialog[open], .ant-select-dropdown:not(.ant-select-dropdown-hidden)')].map((dialog) => dialog.dataset.testid ?? dialog.className),
    fields: [...document.querySelectorAll('input, textarea, select')].map((field) => field.type === 'radio' || field.type === 'checkbox' ? field.checked : field.value),
    pressed: [...document.querySelectorAll('[aria-pressed="true"], [aria-selected="true"], [aria-expanded="true"]')].map((element) => element.dataset.testid ?? element.textContent),
    focus: ${nameOf('document.activeElement')},
    message: [...document.querySelectorAll('[data-testid="message"]')].map((message) => message.textContent),
    address: location.href, history: history.length, ratio: devicePixelRatio, size: [outerWidth, outerHeight, innerWidth, innerHeight], foreground: document.hasFocus(),
  })`);
}
