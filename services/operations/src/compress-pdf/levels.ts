export const LEVELS = ['screen', 'ebook', 'print', 'lossless', 'max'] as const;

/** Parameters that depend on the level or on each other, as a client gives them. */
interface LevelRequest {
  readonly level: (typeof LEVELS)[number];
  readonly dpi?: number | undefined;
  readonly image_quality?: number | undefined;
  readonly min_dpi?: number | undefined;
  readonly min_quality?: number | undefined;
  readonly target_size?: number | undefined;
  readonly color_mode: string;
}

type Values = Record<'dpi' | 'image_quality' | 'min_dpi' | 'min_quality', number>;

/** Parameters with the values of their level. Those of `lossless` have no effect on images. */
export type WithLevel<Request> = Omit<Request, keyof Values> & Readonly<Values>;

const EBOOK = { dpi: 144, image_quality: 75 };
const PRESETS: Readonly<Record<LevelRequest['level'], typeof EBOOK>> = {
  screen: { dpi: 96, image_quality: 60 },
  ebook: EBOOK,
  print: { dpi: 300, image_quality: 85 },
  lossless: EBOOK,
  max: EBOOK,
};
const MIN_DPI = 60;
const MIN_QUALITY = 30;

/** Returns the parameters with the values of the level for those that the client does not give. */
export function withLevel<Request extends LevelRequest>(request: Request): WithLevel<Request> {
  return { ...request, ...readValues(request) };
}

function readValues(request: LevelRequest): Values {
  const { dpi = PRESETS[request.level].dpi, image_quality = PRESETS[request.level].image_quality } = request;
  const { min_dpi = Math.min(MIN_DPI, dpi), min_quality = Math.min(MIN_QUALITY, image_quality) } = request;
  return { dpi, image_quality, min_dpi, min_quality };
}

interface Problem {
  readonly param: string;
  readonly message: string;
}

/** Returns what is wrong with parameters that exclude each other. Messages follow the name of the parameter. */
export function checkCombination(request: LevelRequest): Problem[] {
  return request.level === 'lossless' ? losslessProblems(request) : floorProblems(readValues(request));
}

function losslessProblems(request: LevelRequest): Problem[] {
  const lossy = (['dpi', 'image_quality', 'target_size', 'min_dpi', 'min_quality'] as const).filter(
    (param) => request[param] !== undefined,
  );
  const names = [...lossy, ...(request.color_mode === 'no-change' ? [] : ['color_mode'])];
  return names.map((param) => ({
    param,
    message: 'cannot be given with level=lossless, which keeps every sample. Remove it, or choose another level',
  }));
}

function floorProblems({ dpi, image_quality, min_dpi, min_quality }: Values): Problem[] {
  const above = (param: string, name: string, limit: number): Problem => ({
    param,
    message: `must not be above ${name}, which is ${limit}. Lower it, or raise ${name}`,
  });
  return [
    ...(min_dpi > dpi ? [above('min_dpi', 'dpi', dpi)] : []),
    ...(min_quality > image_quality ? [above('min_quality', 'image_quality', image_quality)] : []),
  ];
}
