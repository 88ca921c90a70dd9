import { describe, expect, test } from 'vitest';
import { compareFields } from '../../renderer/documents/field-comparison.ts';

const stateOf = (row: { label: string; value: string }, fields: { name: string; value: string }[], text = '') => compareFields([row], fields, text)[0]?.state;

describe("the interface's data against the file", () => {
  test('is the same under the same name, whatever the writing of dates, width and blanks', () => {
    expect(stateOf({ label: '成立日期', value: '2020-01-01' }, [{ name: '成立日期', value: '2020年1月1日' }])).toBe('same');
    expect(stateOf({ label: '名称', value: '云帆(上海)有限公司' }, [{ name: '名称', value: '云帆（上海） 有限公司' }])).toBe('same');
    expect(stateOf({ label: '登记机关', value: '甲局' }, [{ name: 'ZZBFJG', value: '甲局' }])).toBe('same');
  });

  test('is different when the file states something else, also when the page prints it', () => {
    expect(stateOf({ label: '注册资本', value: '贰佰万元整' }, [{ name: '注册资本', value: '壹佰万元整' }], '贰佰万元整')).toBe('different');
    expect(stateOf({ label: '成立日期', value: '2020-01-01' }, [{ name: '成立日期', value: '2020年1月11日' }])).toBe('different');
  });

  test('under a name that is only guessed, the page decides', () => {
    const fields = [{ name: 'ZZBH', value: 'J100' }];
    expect(stateOf({ label: '编号', value: '3910-2' }, fields, '编号3910-2')).toBe('printed');
    expect(stateOf({ label: '编号', value: '3910-2' }, fields, '编号')).toBe('different');
  });

  test('is looked for on the page when the file states nothing', () => {
    expect(stateOf({ label: '住所', value: '一号路 1 号' }, [], '住所样例省一号路1号经营范围')).toBe('printed');
    expect(stateOf({ label: '住所', value: '一号路 2 号' }, [], '住所样例省一号路1号经营范围')).toBe('absent');
    expect(stateOf({ label: '住所', value: ' ' }, [], '住所')).toBe('absent');
  });
});
