import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Takes from memory what nothing holds any more. */
export const collectGarbage = openCollector();

/** Bytes that are still held by something, in the heap and in buffers: what a collection would take is taken first. */
export function measureLiveBytes(): number {
  const { heapUsed, arrayBuffers } = settle(process.memoryUsage());
  return heapUsed + arrayBuffers;
}

// The buffers of an object are let go by another thread after the object: measured again until there is nothing more to let go.
function settle(before: NodeJS.MemoryUsage): NodeJS.MemoryUsage {
  collectGarbage();
  const after = process.memoryUsage();
  return after.heapUsed + after.arrayBuffers < before.heapUsed + before.arrayBuffers ? settle(after) : after;
}

function openCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
