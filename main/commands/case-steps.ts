import type { Result } from '../../domain/failure.ts';
import type { Output } from './output.ts';

/** One step that was made: its name and how long it took, ms. */
export interface StepTime {
  readonly step: string;
  readonly ms: number;
}

/** Runs steps one after another, prints each with its time, and remembers them. */
export interface Steps {
  /** `describe` words a success; a failure is printed with its code. */
  run<T>(step: string, work: () => Promise<Result<T>>, describe: (value: T) => string): Promise<Result<T>>;
  done(): readonly StepTime[];
}

/** Creates the steps of one run. */
export function createSteps(output: Output): Steps {
  const times: StepTime[] = [];
  return {
    run: async (step, work, describe) => {
      const started = performance.now();
      const result = await work();
      const ms = Math.round((performance.now() - started) * 10) / 10;
      times.push({ step, ms });
      const time = `${ms.toFixed(1)} ms`.padStart(11);
      if (result.ok) {
        output.say(`✓ ${step.padEnd(12)}${time}   ${describe(result.value)}`);
        output.record({ step, ms });
        return result;
      }
      const { code, detail } = result.failure;
      output.say(`✗ ${step.padEnd(12)}${time}   ${code}${detail === undefined ? '' : `: ${detail}`}`);
      output.record({ step, ms, failure: result.failure });
      return result;
    },
    done: () => times,
  };
}
