import sharp from 'sharp';

/**
 * sharp as this product uses it: one thread a picture (the caller says how many pictures at a time), nothing cached
 * between jobs, and no loader but those of the formats that the operations accept.
 */
sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadTiff',
    'VipsForeignLoadHeif',
  ],
});

export { sharp };
