import { readFile } from 'node:fs/promises';
import { BatonError } from 'batonjs/agents';
import type * as unpdf from 'unpdf';

/** What is used of `unpdf`, which is pdf.js without a browser. */
type Pdf = Awaited<ReturnType<typeof unpdf.getDocumentProxy>>;
type PdfItem = Awaited<ReturnType<Awaited<ReturnType<Pdf['getPage']>>['getTextContent']>>['items'][number];
type Piece = Extract<PdfItem, { str: string }>;

/** A gap of so many heights of the letters is one between columns. */
const COLUMN_GAP = 1;
const WORD_GAP = 0.15;
/** Lines that are so many heights apart are in different paragraphs. */
const PARAGRAPH_GAP = 1.8;

/**
 * The text of each page of a PDF, in the order in which it is written: a line of a table is one line, its columns two
 * spaces apart; an empty line stands between paragraphs. A scanned page without text is empty.
 * @throws BatonError `ConfigInvalid` where `unpdf` is not installed; an Error where the file is no PDF
 */
export async function readPdf(path: string): Promise<string[]> {
  const { getDocumentProxy } = await loadUnpdf();
  const bytes = new Uint8Array(await readFile(path));
  // Without `eval` and fonts: the text alone is wanted, and the file may come from anywhere.
  const pdf = await getDocumentProxy(bytes, { isEvalSupported: false, verbosity: 0 });
  try {
    const pages: string[] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      pages.push(textOf((await page.getTextContent()).items.filter(isPiece)));
      page.cleanup();
    }
    return pages;
  } finally {
    await pdf.destroy();
  }
}

async function loadUnpdf(): Promise<typeof unpdf> {
  try {
    return await import('unpdf');
  } catch (cause) {
    throw new BatonError(
      'ConfigInvalid',
      'reading PDF files needs the package unpdf: npm install unpdf@1.7',
      {
        cause,
      },
    );
  }
}

/** Spaces come as pieces of their own, as wide as the gap that they bridge: the gap itself says more. */
function isPiece(item: PdfItem): item is Piece {
  return 'str' in item && item.str.trim() !== '';
}

function textOf(pieces: readonly Piece[]): string {
  let text = '';
  let before: { x: number; y: number; height: number } | undefined;
  for (const { str, transform, width, height } of pieces) {
    const [x, y] = [Number(transform[4]), Number(transform[5])];
    if (before) text += separator(x - before.x, Math.abs(before.y - y), Math.max(before.height, height));
    text += str;
    before = { x: x + width, y, height };
  }
  // What is printed in front of a number belongs to it, however wide the column.
  return text.replace(/([$€£(]) +(?=[\d(.])/g, '$1').replace(/(?<=\d) +(?=[)%])/g, '');
}

function separator(gap: number, drop: number, height: number): string {
  if (drop > height * PARAGRAPH_GAP) return '\n\n';
  if (drop > height / 2) return '\n';
  if (gap > height * COLUMN_GAP) return '  ';
  return gap > height * WORD_GAP ? ' ' : '';
}
