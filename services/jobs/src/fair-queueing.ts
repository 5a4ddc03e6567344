/** Jobs that a claim reads from a lane at a time while it searches for another client's job. */
export const SEARCH_PAGE = 50;

/**
 * Jobs that a claim reads from a lane at most, about 2 ms of Redis's time. Another client's job behind that many waits
 * until some of them are claimed.
 */
export const MAX_SEARCHED = 1_000;

/**
 * Jobs that a claim reads from a lane at most for one of the preferred client, if it can take another. That client's jobs
 * may all be elsewhere, on another worker or deferred.
 */
export const MAX_SEARCHED_PREFERRED = 100;
