import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RPCHandler } from '@orpc/server/message-port';
import { app, BrowserWindow, dialog, Menu, MessageChannelMain, powerMonitor, protocol, safeStorage, session, utilityProcess } from 'electron';
import { describeBug } from '../domain/bug-report.ts';
import { encodeBase64 } from '../domain/crypto/base64.ts';
import { systemRandom } from '../domain/crypto/random.ts';
import { createApp } from './app.ts';
import { createProgramLog } from './commands/counter-app.ts';
import { findDataFolder } from './commands/data-folder.ts';
import { findProgramFolder, readProgramVersion } from './commands/program-files.ts';
import { startReferencePlatform } from './commands/reference-platform.ts';
import { usualPlatformPort } from './commands/usual-ports.ts';
import { createElectronKeyStore } from './electron-key-store.ts';
import type { DocumentProcess } from './documents/document-work.ts';
import { createDocumentProcess, utilityProcessOptions } from './electron-document-process.ts';
import { createKeyProcess } from './electron-key-process.ts';
import { readShellOptions, type ShellOptions } from './electron-options.ts';
import { openServices } from './electron-services.ts';
import { lockWithScreen } from './electron-power.ts';
import { runElectronShell } from './electron-shell.ts';
import { counterSchemeRights } from './electron-window.ts';
import { counterRouter } from './handlers/router.ts';
import { listSystemStores } from './key-store/system-stores.ts';
import { forbidCoreDumps } from './usb-key/core-dumps.ts';
import { listWindowFiles } from './window-files.ts';

// Must be known before the program is ready, so nothing above or here waits.
protocol.registerSchemesAsPrivileged([counterSchemeRights]);
const reading = readShellOptions(process.argv.slice(app.isPackaged ? 1 : 2));
if (reading.ok) start(reading.options);
else refuse(reading);

function start(options: ShellOptions): void {
  const dataFolder = options.dataFolder ?? findDataFolder();
  const dist = path.join(findProgramFolder(), 'dist');
  const log = createProgramLog('counter');
  // Before the lock, which is one for each data folder.
  app.setPath('userData', path.join(dataFolder, 'window'));
  void runElectronShell({
    electron: {
      app,
      protocol,
      menu: Menu,
      windowSession: () => session.defaultSession,
      presenterSession: () => session.fromPartition('presenter'),
      createWindow: (settings) => new BrowserWindow(settings),
      createChannel: () => new MessageChannelMain(),
      showError: (title, text) => dialog.showErrorBox(title, text),
    },
    preload: path.join(dist, 'preload', 'preload.cjs'),
    isFullScreen: options.isFullScreen,
    files: listWindowFiles(path.join(dist, 'window')),
    createNonce: () => encodeBase64(systemRandom(16)),
    monotonic: () => performance.now(),
    reportBug: (error) => log.error(describeBug(error), 'the shell met a bug'),
    openServices: async () => {
      // Chromium's own processes look into one another, so the memory stays open to them.
      await forbidCoreDumps({ isClosed: false });
      return openServices({
        ...{ dataFolder, options },
        handler: new RPCHandler(counterRouter),
        startPlatform: async (dataDir) =>
          (await startReferencePlatform({ dataDir, port: usualPlatformPort, startDocumentProcess })) ?? startReferencePlatform({ dataDir, port: 0, startDocumentProcess }),
        startApp: async (settings) => {
          const started = await createApp({
            ...settings,
            ...{ version: readProgramVersion(), shell: 'electron', now: Date.now, random: systemRandom, log },
            monotonic: () => performance.now(),
            keyStores: [createElectronKeyStore(safeStorage, process.platform), ...listSystemStores(process.platform)],
            startDocumentProcess,
            // On macOS the helper that may load a library which another team signed.
            startKeyProcess: (file) => createKeyProcess(utilityProcess.fork(fileURLToPath(file), [], { stdio: 'ignore', allowLoadingUnsignedLibraries: true })),
          });
          if (started.ok) lockWithScreen(powerMonitor, started.value.access);
          return started;
        },
      });
    },
  });
}

function startDocumentProcess(file: URL, args: readonly string[]): DocumentProcess {
  return createDocumentProcess(utilityProcess.fork(fileURLToPath(file), [...args], utilityProcessOptions(process.env)));
}

function refuse({ exitCode, text }: { readonly exitCode: 0 | 2; readonly text: string }): void {
  (exitCode === 0 ? process.stdout : process.stderr).write(text);
  app.exit(exitCode);
}
