/**
 * The header of a PNG or JPEG file: what it is and how large it becomes, without decoding anything.
 *
 * Sources: PNG, W3C Recommendation (third edition), sections 5 and 11.2.1; JPEG, ITU-T T.81, annex B.
 */
import { badFile } from '../faults.ts';

export interface ImageHeader {
  readonly format: 'png' | 'jpeg';
  readonly height: number;
  readonly width: number;
  readonly isColour: boolean;
  /** JPEG: where the data of the first scan begins. */
  readonly scanAt: number;
  /** JPEG: carries Exif data, in which there may be an orientation. */
  readonly hasExif: boolean;
}

const REMEDY = 'Save it as PNG or JPEG, or remove it.';
/** The largest image that is decoded, in pixels. */
const MAX_PIXELS = 50_000_000;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The content decides, not the name. Throws: `bad_dataset`. */
export function readImageHeader(path: string, bytes: Buffer): ImageHeader {
  const header = isPng(bytes) ? pngHeader(path, bytes) : isJpeg(bytes) ? jpegHeader(path, bytes) : null;
  if (!header) {
    const found = bytes.length === 0 ? 'an empty file' : `0x${bytes.toString('hex', 0, 8)}`;
    throw badFile(path, 'This is neither PNG nor JPEG', 'first bytes 0x89504e47 or 0xffd8ff', found, REMEDY);
  }
  const size = `${header.width} × ${header.height} pixels`;
  if (header.width === 0 || header.height === 0) throw badFile(path, 'The image is empty', 'at least one pixel', size);
  if (header.width * header.height > MAX_PIXELS)
    throw badFile(
      path,
      'The image is larger than the lab reads',
      `at most ${MAX_PIXELS} pixels`,
      size,
      'Make it smaller.'
    );
  return header;
}

const isPng = (bytes: Buffer) => bytes.subarray(0, 8).equals(PNG_SIGNATURE);
const isJpeg = (bytes: Buffer) => bytes.length > 2 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

function pngHeader(path: string, bytes: Buffer): ImageHeader {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR')
    throw badFile(path, 'The PNG header is missing', 'IHDR', `“${bytes.toString('latin1', 12, 16)}”`);
  const isColour = ![0, 4].includes(bytes[25]!); // colour types: grey; grey with alpha
  return {
    format: 'png',
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    isColour,
    scanAt: 0,
    hasExif: false
  };
}

/** Walks from segment to segment up to the first scan. */
function jpegHeader(path: string, bytes: Buffer): ImageHeader {
  let frame: Pick<ImageHeader, 'width' | 'height' | 'isColour'> | null = null;
  let hasExif = false;
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff)
      throw badFile(path, 'The JPEG header is damaged', 'a marker', `0x${bytes.toString('hex', at, at + 2)}`);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (at + 2 + length > bytes.length) break;
    if (marker === 0xe1 && bytes.toString('latin1', at + 4, at + 8) === 'Exif') hasExif = true;
    if (isFrame(marker)) frame = frameOf(path, bytes, at);
    if (marker === 0xda && frame) return { format: 'jpeg', ...frame, scanAt: at + 2 + length, hasExif };
    at += 2 + length;
  }
  throw badFile(path, 'The file is cut off', 'a frame and a scan', frame ? 'no scan' : 'no frame');
}

/** C0 to CF, without the tables C4, C8 and CC. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function frameOf(path: string, bytes: Buffer, at: number): Pick<ImageHeader, 'width' | 'height' | 'isColour'> {
  const [marker, precision, components] = [bytes[at + 1]!, bytes[at + 4], bytes[at + 9]];
  if (marker > 0xc2)
    throw badFile(
      path,
      'This kind of JPEG cannot be read',
      'baseline or progressive',
      `frame type ${marker - 0xc0}`,
      'Save it as PNG.'
    );
  if (precision !== 8)
    throw badFile(path, 'This kind of JPEG cannot be read', '8 bits a sample', `${precision} bits`, 'Save it as PNG.');
  if (components !== 1 && components !== 3)
    throw badFile(
      path,
      'This kind of JPEG cannot be read',
      'grey or RGB',
      `${components} components`,
      'Save it as PNG.'
    );
  return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7), isColour: components === 3 };
}
