import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../../domain/crypto/random.ts';
import { keepBackup } from './backup.ts';
import { chooseDriver } from './driver-choice.ts';
import type { BackupWork } from './messages.ts';

// Checking and sealing a copy takes seconds on a large store: its own thread, so that scanning goes on.
const { at, snapshot, driver, ...setup } = workerData as BackupWork;
const openDriver = await chooseDriver(driver);
parentPort?.postMessage(keepBackup({ ...setup, openDriver, random: systemRandom }, { snapshot, at }));
