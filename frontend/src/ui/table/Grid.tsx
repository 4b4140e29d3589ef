import { Component, type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../model/format";
import { type SortKey, type Sorting, nextSorting, sorted } from "../../model/sort";
import { useApp } from "../context";
import { useRows } from "./rows";

/** Rows cost time at every tick; whoever wants more than these asks for them. */
export const AT_ONCE = 300;

export interface Column<Row> {
  head: string;
  /** What it means, where that could be taken for something else. */
  hint?: string;
  cell: (row: Row, button: RowButton) => ComponentChildren;
  by: (row: Row) => SortKey;
}

/** What the button in a row's first cell takes part in the walk with. */
export interface RowButton {
  tabIndex: 0 | -1;
  onFocus: () => void;
}

interface GridProps<Row extends { id: string }> {
  class?: string;
  caption: string;
  /** The same array as long as what it writes is the same for the same row. */
  columns: readonly Column<Row>[];
  /** In the order that they have until somebody sorts them. */
  rows: readonly Row[];
  isOpen: boolean;
}

/** A table that can be sorted, walked with the arrow keys, and that does not end for ever. */
export function Grid<Row extends { id: string }>(props: GridProps<Row>) {
  const { columns, caption, isOpen } = props;
  const { t } = useApp();
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [most, setMost] = useState(AT_ONCE);
  const column = columns.find(({ head }) => head === sorting?.column);
  const rows =
    sorting === null || column === undefined
      ? props.rows
      : sorted(props.rows, column.by, sorting.way);
  const shown = rows.slice(0, most);
  const walk = useRows(shown, isOpen);
  return (
    <table class={`grid ${props.class ?? ""}`} aria-rowcount={rows.length + 1}>
      <caption>
        {caption} ({count(rows.length)})
      </caption>
      <thead>
        <tr>
          {columns.map(({ head, hint }) => (
            <Head
              key={head}
              head={head}
              hint={hint}
              way={sorting?.column === head ? sorting.way : null}
              isOpen={isOpen}
              sort={() => setSorting((before) => nextSorting(before, head))}
            />
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={walk.onKeyDown}>
        {shown.map((row) => (
          <Line
            key={row.id}
            row={row}
            columns={columns}
            isStop={walk.isStop(row)}
            onFocus={walk.onFocus}
          />
        ))}
      </tbody>
      {rows.length > most && (
        <tfoot>
          <tr>
            <td colSpan={columns.length}>
              {t("rowsLeft", { n: count(rows.length - most) })}{" "}
              <button
                type="button"
                class="text-button"
                tabIndex={isOpen ? 0 : -1}
                onClick={() => setMost(most + AT_ONCE)}
              >
                {t("rowsMore", { n: count(Math.min(AT_ONCE, rows.length - most)) })}
              </button>
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

interface LineProps<Row> {
  row: Row;
  columns: readonly Column<Row>[];
  /** True for the row that the Tab key goes to. */
  isStop: boolean;
  onFocus: (id: string) => void;
}

/** One row, written anew only when something in it is: most stay the same from tick to tick. */
class Line<Row extends { id: string }> extends Component<LineProps<Row>> {
  override shouldComponentUpdate({ row, columns, isStop }: LineProps<Row>): boolean {
    const { props } = this;
    return row !== props.row || columns !== props.columns || isStop !== props.isStop;
  }

  override render({ row, columns, isStop, onFocus }: LineProps<Row>) {
    const button: RowButton = { tabIndex: isStop ? 0 : -1, onFocus: () => onFocus(row.id) };
    return (
      <tr>
        {columns.map(({ head, cell }, i) =>
          i === 0 ? (
            <th key={head} scope="row">
              {cell(row, button)}
            </th>
          ) : (
            <td key={head}>{cell(row, button)}</td>
          ),
        )}
      </tr>
    );
  }
}

interface HeadProps {
  head: string;
  hint: string | undefined;
  way: Sorting["way"] | null;
  isOpen: boolean;
  sort: () => void;
}

function Head({ head, hint, way, isOpen, sort }: HeadProps) {
  return (
    <th scope="col" title={hint} aria-sort={way ?? "none"}>
      <button type="button" class="sort" tabIndex={isOpen ? 0 : -1} onClick={sort}>
        {head}
      </button>
    </th>
  );
}
