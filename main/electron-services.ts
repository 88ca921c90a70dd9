import type { RPCHandler } from '@orpc/server/message-port';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { App, AppDeps } from './app.ts';
import { foldersIn, isPracticeFolder } from './commands/data-folder.ts';
import type { HandlerContext } from './handlers/procedure.ts';
import { openSite } from './desk/site-file.ts';
import type { Site } from './desk/site.ts';
import type { ShellOptions } from './electron-options.ts';
import type { Services } from './electron-shell.ts';

/** A reference platform in this process, as far as the shell sees it. */
export interface EmbeddedPlatform {
  readonly url: string;
  readonly enrolmentCode: string;
  close(): Promise<void>;
}

/** What starting the services needs. */
export interface ServicesDeps {
  readonly dataFolder: string;
  readonly options: Pick<ShellOptions, 'isEmbedded' | 'isPresenterShown' | 'hasLogIn' | 'platform' | 'serial'>;
  /** Null when no port could be had. */
  readonly startPlatform: (dataDir: string) => Promise<EmbeddedPlatform | null>;
  readonly startApp: (settings: Pick<AppDeps, 'dataDir' | 'platform' | 'site' | 'unattended' | 'isTrial'>) => Promise<Result<App>>;
  readonly handler: Pick<RPCHandler<HandlerContext>, 'upgrade'>;
}

/** Starts the embedded platform when asked for, then the counter on it; a counter that does not start leaves nothing running. */
export async function openServices(deps: ServicesDeps): Promise<Result<Services>> {
  const { isEmbedded, isPresenterShown, serial } = deps.options;
  const folders = foldersIn(deps.dataFolder);
  const site = openSite({ dataDir: folders.counter, writeFile: () => {} });
  if (!site.ok) return site;
  const isPractice = isEmbedded && isPracticeFolder(deps.dataFolder);
  const platform = isEmbedded ? await deps.startPlatform(folders.platform) : null;
  if (isEmbedded && platform === null) return fail('remote/unreachable', 'no free port for the embedded platform');
  const address = platform === null ? deps.options.platform : { url: platform.url, enrolmentCode: platform.enrolmentCode };
  const app = await deps.startApp({
    dataDir: folders.counter,
    unattended: isPractice && !deps.options.hasLogIn,
    isTrial: isPractice,
    ...(address === null ? {} : { platform: address }),
    ...(serial.length === 0 ? {} : { site: { serial: addScanners(site.value.current(), serial) } }),
  });
  if (!app.ok) {
    await platform?.close();
    return app;
  }
  return ok({
    serve: (port) => deps.handler.upgrade(port, { context: { app: app.value } }),
    wedge: () => app.value.site.current().wedge,
    presenterAddress: platform !== null && isPresenterShown ? `${platform.url}/` : null,
    close: async () => {
      await app.value.close();
      await platform?.close();
    },
  });
}

/** The scanners of the settings and those of this start, which win where both name a port. */
function addScanners({ serial: kept }: Pick<Site, 'serial'>, added: ShellOptions['serial']): ShellOptions['serial'] {
  return [...kept.filter((scanner) => added.every(({ path }) => path !== scanner.path)), ...added];
}
