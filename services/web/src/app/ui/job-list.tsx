import { jobs } from '../model/jobs.js';
import { t } from '../text/index.js';
import { JobCard } from './job-card.js';

/** The jobs of this tab, the newest first. */
export function JobList() {
  if (jobs.value.length === 0) return null;
  return (
    <section id="jobs" class="jobs" aria-labelledby="jobs-title">
      <h2 id="jobs-title">{t().jobs.title}</h2>
      <ol class="job-list">
        {jobs.value.map((listed) => (
          <JobCard key={listed.key} listed={listed} />
        ))}
      </ol>
    </section>
  );
}
