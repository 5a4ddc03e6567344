/** A report of compress-pdf, as far as the page shows it. Each part may be missing. */
export interface CompressReport {
  readonly unchanged?: boolean;
  readonly reason?: string;
  readonly compressed_bytes?: number;
  readonly image_counts?: Readonly<Record<string, number>>;
  readonly images?: readonly ImageReport[];
  readonly fonts?: readonly FontReport[];
  /** The target size, and whether the result fits. */
  readonly target?: { readonly bytes: number; readonly met: boolean };
  readonly streams?: { readonly repacked?: number };
  readonly dropped_objects?: number;
  readonly repaired?: boolean;
  readonly decrypted?: boolean;
  readonly encrypted?: boolean;
  readonly notes?: readonly string[];
}

export interface FontReport {
  readonly font: string;
  readonly action: string;
  readonly reason?: string;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

export interface ImageReport {
  readonly page?: number;
  readonly width?: number;
  readonly height?: number;
  readonly action: string;
  readonly reason?: string;
  readonly bytes_before?: number;
  readonly bytes_after?: number;
}

/** What a report says about one file of a request. */
export interface FileReport {
  readonly name: string;
  readonly pages?: number;
  readonly not_kept?: readonly string[];
  /** Old and new names by kind, or their number. */
  readonly renamed?: Readonly<Record<string, number | Readonly<Record<string, string>>>>;
  readonly notes?: readonly string[];
}

export interface FilesReport {
  readonly files?: readonly FileReport[];
  readonly encrypted?: boolean;
}
