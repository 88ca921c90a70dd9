import type { ReactNode } from 'react';

/** One column: its head, how a row's cell is drawn, and how it lies. */
export interface DataColumn<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'right';
  /** Takes the room that is left and cuts what does not fit. */
  readonly grows?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly DataColumn<Row>[];
  /** Null while they are being read. */
  readonly rows: readonly Row[] | null;
  readonly rowKey: (row: Row) => string;
  readonly rowData?: (row: Row) => Readonly<Record<`data-${string}`, string>>;
  readonly loading: string;
  readonly empty: string;
}

/** A plain table with a head that stays in sight; empty and loading are said in words. */
export function DataTable<Row>({ label, columns, rows, rowKey, rowData, loading, empty }: DataTableProps<Row>): ReactNode {
  if (rows === null) return <p className="empty">{loading}</p>;
  if (rows.length === 0) return <p className="empty">{empty}</p>;
  return (
    <table className="data-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={cellClass(column)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} {...rowData?.(row)}>
            {columns.map((column) => (
              <td key={column.id} className={cellClass(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cellClass<Row>({ align, grows }: DataColumn<Row>): string | undefined {
  return [align === 'right' ? 'cell-right' : '', grows === true ? 'cell-grows' : ''].filter(Boolean).join(' ') || undefined;
}
