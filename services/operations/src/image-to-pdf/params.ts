import { z } from 'zod';
import { outputPassword } from '../params.js';

export const imageToPdfParams = z.object({ output_password: outputPassword() });

export type ImageToPdfParams = z.output<typeof imageToPdfParams>;
