// SPDX-License-Identifier: GPL-2.0-or-later
// The OpenLayers map: one WMS picture of all visible layers, so that they lie upon another as QGIS draws them.

import OlMap from "ol/Map";
import View from "ol/View";
import ImageLayer from "ol/layer/Image";
import VectorLayer from "ol/layer/Vector";
import ImageWMS from "ol/source/ImageWMS";
import VectorSource from "ol/source/Vector";
import GeoJSON from "ol/format/GeoJSON";
import ScaleLine from "ol/control/ScaleLine";
import { defaults as interactions } from "ol/interaction/defaults";
import { register } from "ol/proj/proj4";
import { get as projection, type Projection } from "ol/proj";
import { Circle, Stroke, Style } from "ol/style";
import proj4 from "proj4";
import type { Project } from "./project";

proj4.defs("EPSG:25832", "+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs +type=crs");
proj4.defs("EPSG:25833", "+proj=utm +zone=33 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs +type=crs");
register(proj4);

/** Pixels of 0.28 mm, as WMS counts scales. */
const metresPerPixelAtOne = 0.00028;

export class CityMap {
  readonly map: OlMap;
  readonly view: View;
  readonly projection: Projection;
  private readonly source: ImageWMS;
  private readonly image: ImageLayer<ImageWMS>;
  private readonly marks = new VectorSource();
  onError: () => void = () => undefined;
  /** True while a picture is on its way. */
  onWork: (busy: boolean) => void = () => undefined;

  constructor(target: HTMLElement, scaleHost: HTMLElement, private readonly project: Project) {
    const found = projection(project.crs);
    if (!found) throw new Error(project.crs);
    this.projection = found;
    this.source = new ImageWMS({
      url: project.ows,
      params: { LAYERS: "", STYLES: "", FORMAT: "image/png", TRANSPARENT: "TRUE", VERSION: "1.3.0" },
      ratio: 1,
      projection: found,
    });
    // A picture that a newer one replaces never reports its end: the map says when all is drawn.
    this.source.on("imageloadstart", () => this.onWork(true));
    this.source.on("imageloaderror", () => {
      this.onWork(false);
      this.onError();
    });
    this.image = new ImageLayer({ source: this.source, visible: false });
    // Outlines only: a district must not hide what lies in it.
    const mark = [new Stroke({ color: "#fff", width: 7 }), new Stroke({ color: "#c2185b", width: 3 })];
    const highlight = mark.map((stroke) => new Style({ stroke, image: new Circle({ radius: 11, stroke }) }));
    this.view = new View({ projection: found, center: center(project.extent), resolution: 1, minResolution: 0.02, enableRotation: false, showFullExtent: true });
    this.map = new OlMap({
      target,
      view: this.view,
      layers: [this.image, new VectorLayer({ source: this.marks, style: highlight })],
      controls: [new ScaleLine({ minWidth: 80, target: scaleHost })],
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
    });
    this.map.on("rendercomplete", () => this.onWork(false));
    this.fit(project.extent);
  }

  show(names: string[]): void {
    this.image.setVisible(names.length > 0);
    if (names.length > 0) this.source.updateParams({ LAYERS: names.join(","), STYLES: names.map(() => "").join(",") });
  }

  /** Shows an extent above `bottom` pixels that something else covers. */
  fit(extent: number[], animate = false, bottom = 24): void {
    const grown = extent[2] - extent[0] < 40 ? [extent[0] - 60, extent[1] - 60, extent[2] + 60, extent[3] + 60] : extent;
    this.view.fit(grown, { padding: [24, 24, bottom, 24], duration: duration(animate) });
  }

  /** Shows the whole of a layer; where the scale would hide it, its densest part. */
  fitLayer(extent: number[], dense: number[] | undefined, minScale: number): void {
    const units = metresPerPixelAtOne / (this.projection.getMetersPerUnit() ?? 1);
    if (!dense || minScale <= 0 || this.view.getResolutionForExtent(extent, this.map.getSize()) < minScale * units * 0.9) this.fit(extent, true);
    else this.view.animate({ center: center(dense), resolution: minScale * units * 0.9, duration: duration(true) });
  }

  scale(): number {
    const metres = this.projection.getMetersPerUnit() ?? 1;
    return ((this.view.getResolution() ?? 1) * metres) / metresPerPixelAtOne;
  }

  extent(): number[] {
    return this.view.calculateExtent(this.map.getSize());
  }

  /** URL of GetFeatureInfo at a coordinate for these layers. */
  infoUrl(coordinate: number[], names: string[]): string | undefined {
    return this.source.getFeatureInfoUrl(coordinate, this.view.getResolution() ?? 1, this.projection, {
      INFO_FORMAT: "application/geo+json", QUERY_LAYERS: names.join(","), LAYERS: names.join(","), STYLES: names.map(() => "").join(","), FEATURE_COUNT: 10,
    });
  }

  /** Marks GeoJSON geometries that are in the map's CRS (or in CRS84 where said so). */
  mark(geometries: unknown[], crs = this.project.crs): void {
    this.marks.clear();
    const features = geometries.filter((g) => g).flatMap((geometry) => new GeoJSON().readFeatures({ type: "Feature", geometry, properties: {} }, { dataProjection: crs, featureProjection: this.projection }));
    this.marks.addFeatures(features);
  }

  marked(): number[] | undefined {
    const extent = this.marks.getFeatures().length > 0 ? this.marks.getExtent() : null;
    return extent ? [...extent] : undefined;
  }

  clearMarks(): void {
    this.marks.clear();
  }
}

function duration(animate: boolean): number {
  return animate && !matchMedia("(prefers-reduced-motion: reduce)").matches ? 300 : 0;
}

function center(extent: number[]): number[] {
  return [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2];
}
