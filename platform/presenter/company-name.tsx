import { Fragment, type ReactNode } from 'react';

/** Where a register's name may be broken without tearing a word: behind a place, behind 公司, before a bracket. */
const seams = /(?<=有限公司|[市区县])(?=.{3})|(?=（)/u;

/** A company's name that, where it needs two lines, breaks at a seam: 浙江钱塘数据服务有限公司 / 杭州西湖分公司. */
export function CompanyName({ name }: { readonly name: string }): ReactNode {
  return (
    <span className="name" lang="zh-CN">
      {name.split(seams).map((part, at) => (
        <Fragment key={`${at} ${part}`}>
          {at === 0 ? null : <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
