import { AppError } from '@pdf-tools/runtime/errors';
import type { Storage } from '@pdf-tools/runtime/storage';

const SMALLEST_RESERVE_BYTES = 2 ** 30;
const RESERVE_SHARE = 0.05;
/** Bytes of one upload between two looks at the disk: a look takes microseconds, and so does a small piece. */
const CHECKED_BYTES = 262_144;

type Space = ReturnType<Storage['spaceNow']>;

/** Bytes of a volume that uploads leave free. `configured`: 0 for the larger of 1 GiB and 5 % of the volume. */
export function reserveOf({ total }: Pick<Space, 'total'>, configured: number): number {
  return configured || Math.max(SMALLEST_RESERVE_BYTES, total * RESERVE_SHARE);
}

/** The uploads of one client that are in flight. */
interface Share {
  uploads: number;
  /** Bytes that they have reserved and not yet written. */
  outstanding: number;
}

/**
 * Room for uploads in flight, so that together they leave the reserve free. Each replica knows its own; what others write
 * shows in the free space, which is looked at again while an upload is written.
 */
export class DiskBudget {
  /** Bytes that uploads of this process have reserved and not yet written. */
  #outstanding = 0;
  /** Clients with uploads in flight; the others have no entry. */
  readonly #shares = new Map<string, Share>();

  /** `reserveBytes`: 0 for the larger of 1 GiB and 5 % of the volume. */
  constructor(
    private readonly storage: Pick<Storage, 'spaceNow'>,
    private readonly reserveBytes: number,
  ) {}

  /**
   * Reserves room for an upload of so many bytes; 0 if the client does not say, then it is reserved as the bytes come.
   * `waiting`: bytes of waiting jobs, whose results will take about as many. Throws `disk_full`, or `queue_full` if the
   * client's uploads in flight and this one would reserve more than half of the room. Its only upload may have it all.
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

  /** Bytes that uploads may write in all, those that are already reserved included. `waiting` is kept for results. */
  #room(waiting: number): number {
    const space = this.storage.spaceNow();
    return space.free - waiting - reserveOf(space, this.reserveBytes);
  }

  /** Whether so many bytes more leave the reserve free when all uploads in flight are written. */
  #fits(bytes: number): boolean {
    return this.#room(bytes) >= this.#outstanding;
  }

  /** Whether reserved bytes can be written: others, who do not know of them, may have taken half of the reserve. */
  #isSafe(bytes: number): boolean {
    const space = this.storage.spaceNow();
    return space.free - bytes >= reserveOf(space, this.reserveBytes) / 2;
  }
}

interface Ledger {
  /** Takes bytes that were reserved, and bytes beyond them. False if there is no room for them. */
  readonly write: (reserved: number, beyond: number) => boolean;
  readonly release: (reserved: number) => void;
}

/** The room of one upload. */
export class DiskReservation {
  #unchecked = 0;
  #released = false;

  constructor(
    private left: number,
    private readonly ledger: Ledger,
  ) {}

  /** Call before bytes are written. Throws `disk_full` if there is no room for them. */
  take(bytes: number): void {
    this.#unchecked += bytes;
    if (this.#unchecked < CHECKED_BYTES) return;
    const reserved = Math.min(this.left, this.#unchecked);
    const beyond = this.#unchecked - reserved;
    this.left -= reserved;
    this.#unchecked = 0;
    if (!this.ledger.write(reserved, beyond)) throw diskFull();
  }

  /** Gives back the bytes that are left, whether the upload succeeded or failed. A second call does nothing. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.ledger.release(this.left);
  }
}

/** The error for an upload that the disk has no room for. `cause`: the system's error, if a write failed. */
export function diskFull(cause?: unknown): AppError {
  return new AppError('disk_full', 'The disk has no room for this upload at the moment. Try again in 60 s.', {
    retryAfter: 60,
    cause,
  });
}

/** Not 507: the disk has room for other clients, and an alarm on 5xx must not depend on one client. */
function shareFull(): AppError {
  return new AppError(
    'queue_full',
    'This upload and your others would take more than half of the free disk space. ' +
      'Wait until another upload has ended. Try again in 60 s.',
    { retryAfter: 60 },
  );
}
