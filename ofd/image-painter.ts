import type { Drawable, Picture } from './canvas.ts';
import { drawableDash } from './draw-style.ts';
import { plainColor } from './fill-painter.ts';
import { combine, identity, type Matrix, parseNumber, parseNumbers, scaleOf } from './geometry.ts';
import type { ImageObject } from './graphic-object.ts';
import { paintMediaSign } from './media-sign.ts';
import { boundaryMatrix } from './object-space.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { attributeOf, childOf, type XmlElement } from './xml.ts';

/** Paints a picture (GB/T 33190 clause 10): the unit square of the matrix; without a CTM it fills its boundary. */
export function paintImage(image: ImageObject, scope: PaintScope, matrix: Matrix): void {
  const { context, assets, resources } = scope;
  const picture = assets.picture(image.resource, resources) ?? (image.substitution === null ? null : assets.picture(image.substitution, resources));
  const square = image.ctm === identity ? combine([image.boundary.width, 0, 0, image.boundary.height, 0, 0], boundaryMatrix(image, scope.matrix)) : matrix;
  if (picture !== null) {
    const mask = image.mask === null ? null : assets.picture(image.mask, resources);
    useMatrix(context, square);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(mask === null ? picture.drawable : applyMask(picture, mask, scope), 0, 0, 1, 1);
  }
  const media = picture === null ? (resources.image(image.resource)?.type ?? 'image') : 'image';
  if (media !== 'image') paintMediaSign(media, scope, square);
  if (image.border !== null) paintBorder(image.border, scope, square);
}

/** What is bright in the mask is taken away (ImageMask). */
function applyMask({ drawable, width, height }: Picture, mask: Picture, { kit }: PaintScope): Drawable {
  const cover = kit.createSurface(width, height);
  cover.context.drawImage(mask.drawable, 0, 0, width, height);
  const brightness = cover.context.getImageData(0, 0, width, height).data;
  const surface = kit.createSurface(width, height);
  surface.context.drawImage(drawable, 0, 0, width, height);
  const pixels = surface.context.getImageData(0, 0, width, height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const bright = ((brightness[at] ?? 0) * 299 + (brightness[at + 1] ?? 0) * 587 + (brightness[at + 2] ?? 0) * 114) / 1000;
    pixels.data[at + 3] = ((pixels.data[at + 3] ?? 0) * (255 - bright)) / 255;
  }
  surface.context.putImageData(pixels, 0, 0);
  return surface.canvas;
}

/** A frame with round corners around the picture; its measures are millimetres (10.3). */
function paintBorder(border: XmlElement, scope: PaintScope, square: Matrix): void {
  const { context, kit } = scope;
  const [a, b, c, d, e, f] = square;
  const pixels = scaleOf(scope.matrix);
  const [width, height] = [Math.hypot(a, b) / pixels, Math.hypot(c, d) / pixels];
  if (!(width > 0 && height > 0)) return;
  const radiusX = Math.min(width / 2, Math.max(0, parseNumber(attributeOf(border, 'HorizonalCornerRadius') ?? attributeOf(border, 'HorizontalCornerRadius'), 0)));
  const radiusY = Math.min(height / 2, Math.max(0, parseNumber(attributeOf(border, 'VerticalCornerRadius'), 0)));
  const path = kit.createPath();
  path.moveTo(radiusX, 0);
  path.lineTo(width - radiusX, 0);
  path.quadraticCurveTo(width, 0, width, radiusY);
  path.lineTo(width, height - radiusY);
  path.quadraticCurveTo(width, height, width - radiusX, height);
  path.lineTo(radiusX, height);
  path.quadraticCurveTo(0, height, 0, height - radiusY);
  path.lineTo(0, radiusY);
  path.quadraticCurveTo(0, 0, radiusX, 0);
  path.closePath();
  useMatrix(context, [a / width, b / width, c / height, d / height, e, f]);
  context.lineWidth = Math.max(1 / pixels, parseNumber(attributeOf(border, 'LineWidth'), 0.353));
  context.setLineDash(drawableDash(parseNumbers(attributeOf(border, 'DashPattern'))));
  context.lineDashOffset = parseNumber(attributeOf(border, 'DashOffset'), 0);
  context.strokeStyle = plainColor(childOf(border, 'BorderColor'), scope);
  context.stroke(path);
}
