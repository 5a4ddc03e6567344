import { DecodingBudget, MAX_DOCUMENT_STREAM_BYTES } from '@pdf-tools/pdf';

/** A budget with so many bytes left. For unit tests. */
export function budgetOf(bytes: number): DecodingBudget {
  const budget = new DecodingBudget();
  let surplus = MAX_DOCUMENT_STREAM_BYTES - bytes;
  while (surplus > 0) {
    const part = Math.min(surplus, budget.limit);
    budget.spend(part);
    surplus -= part;
  }
  return budget;
}
