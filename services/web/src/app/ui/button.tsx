import type { ComponentChildren } from 'preact';
import { Icon } from './icon.js';
import type { IconName } from './icon.js';

interface ButtonProps {
  readonly onClick?: () => void;
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconName;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  readonly pressed?: boolean;
  /** What screen readers say instead of the text. It contains the text. */
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** A button with a text. */
export function Button({ kind = 'plain', icon, type = 'button', pressed, label, children, ...rest }: ButtonProps) {
  return (
    <button class={`button ${kind}`} type={type} aria-pressed={pressed} aria-label={label} {...rest}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

/** A button with an icon, whose label is read by screen readers and shown as a tooltip. */
export function IconButton({ icon, label, onClick, disabled }: IconButtonProps) {
  return (
    <button class="icon-button" type="button" aria-label={label} title={label} onClick={onClick} disabled={disabled}>
      <Icon name={icon} />
    </button>
  );
}
