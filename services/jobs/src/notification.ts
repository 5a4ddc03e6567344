/**
 * A notification as bee-queue stores a job. It has no content, because a worker that gets one claims until it finds no job.
 * The Lua scripts write it.
 */
export const NOTIFICATION = JSON.stringify({
  data: {},
  options: { timestamp: 0, stacktraces: [] },
  status: 'created',
});
