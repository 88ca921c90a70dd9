/** Characters that nearly every certificate has. */
export const commonCharacters = '营业执照统一社会信用代码名称类型法定代表人经营范围注册资本成立日期住所登记机关证件号发有效限年月日公司0123456789ABCxyz（）：，。';
