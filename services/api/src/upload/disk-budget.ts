import { AppError } from '@pdf-tools/runtime/errors';
import type { Storage } from '@pdf-tools/runtime/storage';

const MIN_RESERVE_BYTES = 2 ** 30;
const RESERVE_SHARE = 0.05;
/** Bytes of one upload between two checks of the disk, because a check takes as long as a small chunk. */
const CHECKED_BYTES = 262_144;

type Space = ReturnType<Storage['spaceNow']>;

/** Returns the bytes of a volume that uploads leave free. If `configured` is 0, that is 1 GiB or 5 % of the volume. */
export function reserveOf({ total }: Pick<Space, 'total'>, configured: number): number {
  return configured || Math.max(MIN_RESERVE_BYTES, total * RESERVE_SHARE);
}

/** The uploads of one client that are in flight. */
interface Share {
  uploads: number;
  /** Bytes that are reserved and not yet written. */
  outstanding: number;
}

/**
 * Reserves disk space for uploads in flight, so that together they leave the reserve free. Each replica knows only its own
 * uploads. Those of others show in the free space, which is checked again while an upload is written.
 */
export class DiskBudget {
  /** Bytes that all uploads of this process have reserved and not yet written. */
  #outstanding = 0;
  /** Only clients with uploads in flight have an entry. */
  readonly #shares = new Map<string, Share>();

  /** `reserveBytes`: 0 for the larger of 1 GiB and 5 % of the volume. */
  constructor(
    private readonly storage: Pick<Storage, 'spaceNow'>,
    private readonly reserveBytes: number,
  ) {}

  /**
   * Reserves space for an upload of `expected` bytes. It is 0 if the client did not send a length. `waiting` is the input
   * size of the queued jobs, whose results need about as much. Throws `disk_full`, or `queue_full` if the uploads of the
   * client would reserve more than half of the space. A client's only upload may take all of it.
   */
  reserve(client: string, expected: number, waiting: number): DiskReservation {
    if (!this.#fits(expected + waiting)) throw diskFull();
    const share = this.#shares.get(client) ?? { uploads: 0, outstanding: 0 };
    if (share.uploads > 0 && share.outstanding + expected > this.#room(waiting) / 2) throw shareFull();
    this.#shares.set(client, share);
    share.uploads++;
    this.#change(share, expected);
    return new DiskReservation(expected, {
      write: (reserved, beyond) => {
        this.#change(share, -reserved);
        return beyond > 0 ? this.#fits(reserved + beyond) : this.#isSafe(reserved);
      },
      release: (reserved) => {
        this.#change(share, -reserved);
        share.uploads--;
        if (share.uploads === 0) this.#shares.delete(client);
      },
    });
  }

  #change(share: Share, bytes: number): void {
    share.outstanding += bytes;
    this.#outstanding += bytes;
  }

  /** Bytes that uploads may write in total, including reserved ones. `waiting` bytes are kept for results. */
  #room(waiting: number): number {
    const space = this.storage.spaceNow();
    return space.free - waiting - reserveOf(space, this.reserveBytes);
  }

  /** Whether the reserve stays free if all uploads in flight and these bytes are written. */
  #fits(bytes: number): boolean {
    return this.#room(bytes) >= this.#outstanding;
  }

  /** Whether reserved bytes can be written. Other processes do not know of them and may use half of the reserve. */
  #isSafe(bytes: number): boolean {
    const space = this.storage.spaceNow();
    return space.free - bytes >= reserveOf(space, this.reserveBytes) / 2;
  }
}

interface Ledger {
  /** Uses reserved bytes and bytes beyond them. Returns false if there is no space for them. */
  readonly write: (reserved: number, beyond: number) => boolean;
  readonly release: (reserved: number) => void;
}

/** The disk space of one upload. */
export class DiskReservation {
  #unchecked = 0;
  #released = false;

  constructor(
    private left: number,
    private readonly ledger: Ledger,
  ) {}

  /** Must be called before bytes are written. Throws `disk_full` if there is no space for them. */
  take(bytes: number): void {
    this.#unchecked += bytes;
    if (this.#unchecked < CHECKED_BYTES) return;
    const reserved = Math.min(this.left, this.#unchecked);
    const beyond = this.#unchecked - reserved;
    this.left -= reserved;
    this.#unchecked = 0;
    if (!this.ledger.write(reserved, beyond)) throw diskFull();
  }

  /** Releases the unused bytes after an upload succeeds or fails. A second call does nothing. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.ledger.release(this.left);
  }
}

/** Returns the error for an upload that does not fit on the disk. `cause` is the system's error if a write failed. */
export function diskFull(cause?: unknown): AppError {
  return new AppError('disk_full', 'The disk has no room for this upload at the moment. Try again in 60 s.', {
    retryAfter: 60,
    cause,
  });
}

/** Not 507, because the disk has space for other clients and one client must not cause an alarm on 5xx. */
function shareFull(): AppError {
  return new AppError(
    'queue_full',
    'This upload and your others would take more than half of the free disk space. ' +
      'Wait until another upload has ended, or try again in 60 s.',
    { retryAfter: 60 },
  );
}
