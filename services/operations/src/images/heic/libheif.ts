import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What is used of the functions that libheif's header heif.h declares. Pointers are numbers. */
export interface LibHeif {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly _malloc: (bytes: number) => number;
  readonly _free: (pointer: number) => void;
  readonly _heif_context_alloc: () => number;
  readonly _heif_context_free: (context: number) => void;
  readonly _heif_context_read_from_memory: (
    error: number,
    context: number,
    data: number,
    bytes: number,
    options: number,
  ) => void;
  readonly _heif_context_get_primary_image_handle: (error: number, context: number, handle: number) => void;
  readonly _heif_image_handle_release: (handle: number) => void;
  readonly _heif_image_handle_get_width: (handle: number) => number;
  readonly _heif_image_handle_get_height: (handle: number) => number;
  readonly _heif_image_handle_has_alpha_channel: (handle: number) => number;
  readonly _heif_image_handle_get_luma_bits_per_pixel: (handle: number) => number;
  readonly _heif_image_handle_get_raw_color_profile_size: (handle: number) => number;
  readonly _heif_image_handle_get_raw_color_profile: (error: number, handle: number, data: number) => void;
  readonly _heif_image_handle_get_list_of_metadata_block_IDs: (
    handle: number,
    type: number,
    ids: number,
    count: number,
  ) => number;
  readonly _heif_image_handle_get_metadata_size: (handle: number, id: number) => number;
  readonly _heif_image_handle_get_metadata: (error: number, handle: number, id: number, data: number) => void;
  readonly _heif_decode_image: (
    error: number,
    handle: number,
    image: number,
    colorSpace: number,
    chroma: number,
    options: number,
  ) => void;
  readonly _heif_image_release: (image: number) => void;
  readonly _heif_image_get_width: (image: number, channel: number) => number;
  readonly _heif_image_get_height: (image: number, channel: number) => number;
  readonly _heif_image_get_plane_readonly: (image: number, channel: number, stride: number) => number;
}

type Factory = (options: { readonly wasmBinary: Uint8Array }) => LibHeif;

/**
 * Loads libheif. It is a WebAssembly module in files of its own, which can be replaced, as its license (LGPL-3.0) asks.
 */
export async function loadLibHeif(): Promise<LibHeif> {
  const code = createRequire(import.meta.url).resolve('libheif-js/libheif-wasm/libheif.js');
  const wasm = createRequire(import.meta.url).resolve('libheif-js/libheif-wasm/libheif.wasm');
  const module = (await import(pathToFileURL(code).href)) as { readonly default: Factory };
  return module.default({ wasmBinary: readFileSync(wasm) });
}
