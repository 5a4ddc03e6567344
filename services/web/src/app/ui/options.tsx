import type { Draft } from '../model/draft.js';
import { choicesOf, operationInfo, optionGroups } from '../model/operation.js';
import type { ParamSchema } from '../model/operation.js';
import { optionText, t } from '../text/index.js';
import { Icon } from './icon.js';
import { PasswordField } from './password-field.js';
import { ProblemText } from './message.js';

/** The options of an operation, built from its schema: the common ones, and the others behind a disclosure. */
export function Options({ draft }: { draft: Draft }) {
  const { common, more } = optionGroups(draft.operation);
  const hasProblem = more.some((param) => param in draft.optionProblems.value);
  return (
    <section class="options" aria-label={t().form.options}>
      <h2 class="panel-title">{t().form.options}</h2>
      {common.map((param) => (
        <OptionField key={param} draft={draft} param={param} />
      ))}
      {more.length > 0 && (
        <details class="more" open={hasProblem || undefined}>
          <summary>{t().form.more}</summary>
          {more.map((param) => (
            <OptionField key={param} draft={draft} param={param} />
          ))}
        </details>
      )}
    </section>
  );
}

interface FieldProps {
  readonly draft: Draft;
  readonly param: string;
}

/** One option with its label, a line of explanation, and what the server says about its value. */
function OptionField({ draft, param }: FieldProps) {
  const { operation } = draft;
  const schema = operationInfo(operation).params[param] ?? {};
  const { help } = optionText(operation, param);
  const problem = draft.optionProblems.value[param];
  const id = `option-${operation}-${param}`;
  return (
    <div class={`option ${problem ? 'has-problem' : ''}`}>
      <Control draft={draft} param={param} id={id} schema={schema} describedBy={`${id}-help`} />
      <p class="small soft" id={`${id}-help`}>
        {help}
      </p>
      {problem && (
        <div class="field-problem" role="alert">
          <Icon name="alert" />
          <div>
            <ProblemText code="invalid_params" item={problem} />
          </div>
        </div>
      )}
    </div>
  );
}

interface ControlProps extends FieldProps {
  readonly id: string;
  readonly schema: ParamSchema;
  readonly describedBy: string;
}

function Control(props: ControlProps) {
  const { draft, param, id, schema, describedBy } = props;
  const { label } = optionText(draft.operation, param);
  const value = draft.values.value[param] ?? '';
  const set = (next: string): void => {
    draft.setOption(param, next);
  };
  if (schema.format === 'password')
    return <PasswordField id={id} label={label} value={value} describedBy={describedBy} isNew onChange={set} />;
  if (schema.type === 'boolean') return <Switch {...props} />;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {choicesOf(draft.operation, param) ? <Select {...props} /> : <TextInput {...props} />}
    </div>
  );
}

function Switch({ draft, param, id, schema, describedBy }: ControlProps) {
  const value = draft.values.value[param];
  return (
    <label class="switch" for={id}>
      <input
        id={id}
        type="checkbox"
        checked={value === undefined ? schema.default === true : value === 'true'}
        aria-describedby={describedBy}
        onChange={({ currentTarget }) => {
          draft.setOption(param, String(currentTarget.checked));
        }}
      />
      <span>{optionText(draft.operation, param).label}</span>
    </label>
  );
}

function Select({ draft, param, id, schema, describedBy }: ControlProps) {
  const { values = {} } = optionText(draft.operation, param);
  return (
    <select
      id={id}
      class="input"
      value={draft.values.value[param] ?? String(schema.default)}
      aria-describedby={describedBy}
      onChange={({ currentTarget }) => {
        draft.setOption(param, currentTarget.value);
      }}
    >
      {choicesOf(draft.operation, param)?.map((name) => (
        <option key={name} value={name}>
          {values[name] ?? name}
        </option>
      ))}
    </select>
  );
}

/** Sizes may have a unit. All other numbers are typed as numbers. */
const SIZES = new Set(['target_size']);

function TextInput({ draft, param, id, schema, describedBy }: ControlProps) {
  const isNumber = (schema.type === 'integer' || schema.type === 'number') && !SIZES.has(param);
  return (
    <input
      id={id}
      class="input"
      {...(isNumber
        ? { type: 'number' as const, min: schema.minimum, max: schema.maximum }
        : { type: 'text' as const })}
      maxLength={schema.maxLength}
      placeholder={placeholderOf(param, schema)}
      value={draft.values.value[param] ?? ''}
      autocomplete="off"
      aria-describedby={describedBy}
      aria-invalid={param in draft.optionProblems.value}
      onInput={({ currentTarget }) => {
        draft.setOption(param, currentTarget.value);
      }}
    />
  );
}

function placeholderOf(param: string, { default: value }: ParamSchema): string {
  if (SIZES.has(param)) return t().form.sizeHint;
  if (value === 'none') return t().form.none;
  if (value === 'auto') return t().form.automatic;
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : t().form.automatic;
}
