import { expect, test } from 'vitest';
import { parseSerialOption } from '../../../main/commands/serial-option.ts';

test('a serial scanner is named by its path, with speed and suffix when they are not the usual ones', () => {
  expect(parseSerialOption('/dev/ttyACM0')).toEqual({ path: '/dev/ttyACM0', baudRate: 9600, suffix: 'CR' });
  expect(parseSerialOption('COM3,115200,CRLF')).toEqual({ path: 'COM3', baudRate: 115_200, suffix: 'CRLF' });
});

test.each(['', ',9600', '/dev/x,fast', '/dev/x,0', '/dev/x,9600,CR;', '/dev/x,9600,CR,8', '/dev/x,'])('%j is none', (text) => {
  expect(parseSerialOption(text)).toBeNull();
});
