import { VolumeStorage } from '@pdf-tools/runtime/volume';
import { describeStorage } from '../storage/contract.js';

describeStorage('a volume', (root) => Promise.resolve(new VolumeStorage(root)));
