import type { ComponentChildren } from 'preact';
import type { CompressReport, FileReport, FilesReport, FontReport, ImageReport } from '../model/report.js';
import { formatBytes } from '../text/format.js';
import { t } from '../text/index.js';
import { Icon } from './icon.js';

/** What an operation did, in words. */
export function Report({ report }: { report: unknown }) {
  const files = (report as FilesReport).files;
  return (
    <details class="report" open={(report as CompressReport).unchanged === true || undefined}>
      <summary>{t().result.details}</summary>
      {files ? <Files report={report as FilesReport} /> : <Compression report={report as CompressReport} />}
    </details>
  );
}

function Compression({ report }: { report: CompressReport }) {
  const { report: text } = t();
  const facts = factsOf(report);
  const isEmpty = facts.length === 0 && report.unchanged !== true;
  return (
    <>
      {report.unchanged === true && <p>{text.unchanged[report.reason ?? ''] ?? report.reason}</p>}
      {report.compressed_bytes !== undefined && <p>{text.dryRun(formatBytes(report.compressed_bytes))}</p>}
      <ul class="facts">
        {facts.map((fact) => (
          <Fact key={fact}>{fact}</Fact>
        ))}
        {isEmpty && <Fact>{text.nothing}</Fact>}
      </ul>
      <Notes notes={report.notes} />
      <ImageTable images={report.images ?? []} />
      <FontTable fonts={report.fonts ?? []} />
    </>
  );
}

function factsOf(report: CompressReport): string[] {
  const { report: text } = t();
  const { image_counts: counts = {}, fonts = [], target, streams, dropped_objects: dropped = 0 } = report;
  const counted = [
    [counts.resampled, text.resampled],
    [counts.recompressed, text.recompressed],
    [counts.converted, text.converted],
    [counts.kept, text.kept],
    [fonts.filter(({ action }) => action === 'subset').length, text.fonts],
    [streams?.repacked, text.streams],
    [dropped, text.dropped],
  ] as const;
  return [
    ...(target ? [text.target(target.met, formatBytes(target.bytes))] : []),
    ...counted.flatMap(([count = 0, words]) => (count > 0 ? [words(count)] : [])),
    ...(report.repaired === true ? [text.repaired] : []),
    ...(report.decrypted === true ? [text.decrypted] : []),
    ...(report.encrypted === true ? [text.encrypted] : []),
  ];
}

function Fact({ children }: { children: ComponentChildren }) {
  return (
    <li>
      <Icon name="check" />
      <span>{children}</span>
    </li>
  );
}

/** Notes of the server, which are in English. */
function Notes({ notes = [] }: { notes?: readonly string[] | undefined }) {
  if (notes.length === 0) return null;
  return (
    <>
      <h4>{t().report.notes}</h4>
      <ul class="plain-list" lang="en">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </>
  );
}

interface Row {
  readonly name: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly outcome: string;
}

/** Every image with its size before and after, and the reason if it was kept. */
function ImageTable({ images }: { images: readonly ImageReport[] }) {
  const { report: text } = t();
  const rows = images.map((image, index) => {
    const { width, height = 0, page } = image;
    const size = width === undefined ? `${index + 1}` : `${width} × ${height}`;
    const name = page === undefined ? size : `${size} (${t().problem.page(page)})`;
    return { name, before: image.bytes_before, after: image.bytes_after, outcome: outcomeOf(image) };
  });
  return <OutcomeTable title={text.imageList} first={text.image} rows={rows} />;
}

/** Every font with the size of its program before and after. */
function FontTable({ fonts }: { fonts: readonly FontReport[] }) {
  const { report: text } = t();
  const rows = fonts.map((font) => ({
    name: font.font,
    before: font.bytes_before,
    after: font.bytes_after,
    outcome: outcomeOf(font),
  }));
  return <OutcomeTable title={text.fontList} first={text.font} rows={rows} />;
}

function OutcomeTable({ title, first, rows }: { title: string; first: string; rows: readonly Row[] }) {
  const { report: text, result } = t();
  if (rows.length === 0) return null;
  return (
    <details class="technical">
      <summary>{title}</summary>
      <div class="table-frame" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              {[first, result.before, result.after, text.outcome].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, before, after, outcome }, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td>{before !== undefined && formatBytes(before)}</td>
                <td>{after !== undefined && formatBytes(after)}</td>
                <td>{outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function outcomeOf({ action, reason }: Pick<ImageReport, 'action' | 'reason'>): string {
  const { actions, reasons } = t().report;
  const done = actions[action] ?? action;
  return reason === undefined ? done : `${done}: ${reasons[reason] ?? reason}`;
}

function Files({ report: { files = [], encrypted } }: { report: FilesReport }) {
  const { report: text } = t();
  return (
    <>
      <ul class="facts">
        {files.map((file, index) => (
          <Fact key={index}>
            {text.file(file.name, file.pages ?? 1)}
            <FileNotes file={file} />
          </Fact>
        ))}
        {encrypted === true && <Fact>{text.encrypted}</Fact>}
      </ul>
    </>
  );
}

function FileNotes({ file: { not_kept: lost = [], renamed = {}, notes } }: { file: FileReport }) {
  const { report: text } = t();
  const kinds = Object.entries(renamed);
  return (
    <>
      {lost.length > 0 && (
        <>
          <h4>{text.notKept}</h4>
          <ul class="plain-list" lang="en">
            {lost.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </>
      )}
      {kinds.map(([kind, names]) => (
        <p key={kind}>{text.renamed(kind, typeof names === 'number' ? names : Object.keys(names).length)}</p>
      ))}
      <Notes notes={notes} />
    </>
  );
}
