import { useEffect, useState } from 'react';
import type { Device, DeviceList } from '../../../domain/contracts/devices.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import type { CounterClient } from '../../connection/connect.ts';
import { followStream } from '../../connection/follow.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';

/** The devices as the host tells of them, anew after every loss of the connection. */
export function useDevices(): { readonly list: DeviceList | null; readonly problem: FailureCode | null } {
  const { store } = useCounterTools();
  const connection = useCounter((state) => state.connection);
  const [list, setList] = useState<DeviceList | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  useEffect(() => {
    if (connection !== 'open') return undefined;
    return followStream(store, (client) => client.device.watch(), {
      onItem: (item) => {
        setList(item);
        setProblem(null);
      },
      onEnd: setProblem,
    });
  }, [store, connection]);
  return { list, problem };
}

/** Makes one call and says how it went below the form. */
export type RunCall = (call: (client: CounterClient) => Promise<unknown>, done: string) => void;

/** How a device is, in one word of the texts. */
export function wordOf({ use, state }: Pick<Device, 'use' | 'state'>): NonNullable<Device['state']> | 'off' | 'unused' {
  return use === 'on' ? (state ?? 'connecting') : use;
}

/** Whether it is a port of the computer itself that nobody uses: nothing tells what is connected there, most often nothing. */
export function isBuiltInPort({ use, vendorId, product }: Device): boolean {
  return use === 'unused' && vendorId === null && product === null;
}

/** How urgent that word is. */
export function levelOf(word: ReturnType<typeof wordOf>): 'verified' | 'caution' | 'refused' | 'plain' {
  if (word === 'ready') return 'verified';
  if (word === 'off' || word === 'unused') return 'plain';
  return word === 'connecting' ? 'caution' : 'refused';
}
