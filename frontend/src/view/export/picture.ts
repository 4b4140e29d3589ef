import { clamp } from "../../lib/numbers";
import type { Words } from "../../model/export/words";
import { readPalette } from "../palette";
import type { Stage } from "../stage";
import { FOOT, HEAD, paintWords } from "./sheet";
import { SvgPen } from "./svgpen";

/** Sharp on paper and on fine screens. */
const SCALE = 2;
const LEAST = { width: 900, height: 500 };
// What browsers make a canvas of without complaint, at twice the size.
const MOST = { width: 3600, height: 2600 };

/** The whole picture as a file, with title and legend, in the colours of the page. */
export async function pictureFile(
  stage: Stage,
  format: "png" | "svg",
  words: Words,
): Promise<Blob> {
  const size = sizeOf(stage);
  if (format === "svg") {
    const pen = new SvgPen(measure());
    paint(stage, pen, size, words);
    const text = pen.file(size.width, size.height, `${words.title}. ${words.about}`);
    return new Blob([text], { type: "image/svg+xml" });
  }
  const canvas = document.createElement("canvas");
  canvas.width = size.width * SCALE;
  canvas.height = size.height * SCALE;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("this browser gives no canvas of this size");
  pen.scale(SCALE, SCALE);
  paint(stage, pen, size, words);
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) =>
      blob === null ? reject(new Error("the picture is too large")) : resolve(blob);
    canvas.toBlob(done, "image/png");
  });
}

function sizeOf(stage: Stage): { width: number; height: number } {
  const box = stage.extent;
  const [width, height] = box === null ? [0, 0] : [box.x1 - box.x0, box.y1 - box.y0];
  return {
    width: Math.round(clamp(width + 48, LEAST.width, MOST.width)),
    height: Math.round(clamp(height + 48, LEAST.height, MOST.height)) + HEAD + FOOT,
  };
}

type Target = Parameters<Stage["paintTo"]>[0];

function paint(
  stage: Stage,
  pen: Target,
  size: { width: number; height: number },
  words: Words,
): void {
  const palette = readPalette(document.body);
  pen.fillStyle = palette.background;
  pen.fillRect(0, 0, size.width, size.height);
  pen.save();
  pen.translate(0, HEAD);
  const height = size.height - HEAD - FOOT;
  stage.paintTo(pen, { width: size.width, height, scale: 1, background: null });
  pen.restore();
  paintWords(pen, palette, size, words);
}

/** Text has its width from a real canvas: the file has none. */
function measure(): (font: string, text: string) => TextMetrics {
  const ruler = document.createElement("canvas").getContext("2d");
  if (ruler === null) throw new Error("this browser gives no canvas");
  return (font, text) => {
    ruler.font = font;
    return ruler.measureText(text);
  };
}
