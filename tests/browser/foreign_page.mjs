// SPDX-License-Identifier: GPL-2.0-or-later
// A web page of somebody else, on another origin than the service: map libraries as their makers publish them, and what compares their maps with our pictures.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const libraries = { "/ol.js": "ol/dist/ol.js", "/proj4.js": "proj4/dist/proj4.js", "/maplibre-gl.js": "maplibre-gl/dist/maplibre-gl.js" };

/** Runs in the page, before all else. */
function helpers() {
  for (const zone of [32, 33]) proj4.defs(`EPSG:258${zone}`, `+proj=utm +zone=${zone} +ellps=GRS80 +units=m +no_defs`);
  ol.proj.proj4.register(proj4);

  const context = () => Object.assign(document.createElement("canvas"), { width: 600, height: 400 }).getContext("2d", { willReadFrequently: true });
  const pixels = (drawn) => drawn.getImageData(0, 0, 600, 400).data;
  let ended = () => {};
  /** Takes the map of the test before away. */
  window.endMap = () => { ended(); ended = () => {}; };

  /** Our own GetMap, in the axis order of 1.1.1. */
  window.ownPicture = async (url, layers, crs, box) => {
    const answer = await fetch(`${url}/ows?` + new URLSearchParams({ SERVICE: "WMS", VERSION: "1.1.1", REQUEST: "GetMap", LAYERS: layers, STYLES: "", SRS: crs, BBOX: box.join(","),
      WIDTH: 600, HEIGHT: 400, FORMAT: "image/png", TRANSPARENT: "TRUE" }));
    const drawn = context();
    drawn.drawImage(await createImageBitmap(await answer.blob()), 0, 0);
    return pixels(drawn);
  };

  /** What OpenLayers shows of layers when it is ready; the view's extent is the box. */
  window.openLayersPicture = async (layers, projection, box) => {
    const resolution = (box[2] - box[0]) / 600;
    // Before it has read what it draws from, a source is ready with nothing.
    await Promise.all(layers.map((layer) => layer.getSource()).map((source) => new Promise((resolve) => {
      const check = () => { if (source.getState() === "ready") resolve(); };
      source.on("change", check);
      check();
    })));
    const map = new ol.Map({ target: "map", pixelRatio: 1, controls: [], layers, view: new ol.View({ projection, center: ol.extent.getCenter(box), resolution, constrainResolution: false }) });
    ended = () => map.setTarget(null);
    await new Promise((resolve) => map.once("rendercomplete", resolve));
    const drawn = context();
    for (const canvas of map.getTargetElement().querySelectorAll(".ol-layer canvas, canvas.ol-layer")) {
      drawn.setTransform(new DOMMatrix(canvas.style.transform || "none"));
      drawn.drawImage(canvas, 0, 0);
    }
    return pixels(drawn);
  };

  /** MapLibre with a style and a box in EPSG:3857, and what it shows when it is idle. */
  window.mapLibrePicture = async (style, box) => {
    const center = ol.proj.toLonLat(ol.extent.getCenter(box));
    const map = new maplibregl.Map({ container: "map", pixelRatio: 1, style: { version: 8, ...style }, center, fadeDuration: 0, attributionControl: false,
      zoom: Math.log2(2 * Math.PI * 6378137 / 512 / ((box[2] - box[0]) / 600)), canvasContextAttributes: { preserveDrawingBuffer: true } });
    ended = () => map.remove();
    map.on("error", (event) => console.error(event.error?.message ?? "MapLibre"));
    await new Promise((resolve) => map.once("idle", resolve));
    const drawn = context();
    drawn.drawImage(map.getCanvas(), 0, 0);
    return { map, shown: pixels(drawn) };
  };

  /** Share of the pixels that are alike, of those that either picture paints; and how many ours paints. */
  window.compared = (theirs, ours, tolerance = 0) => {
    let painted = 0, either = 0, alike = 0;
    const over = (of, i) => [0, 1, 2].map((channel) => 255 + (of[i + channel] - 255) * of[i + 3] / 255);   // on white paper
    for (let i = 0; i < ours.length; i += 4) {
      if (ours[i + 3] > 0) ++painted;
      if (ours[i + 3] === 0 && theirs[i + 3] === 0) continue;
      ++either;
      const [a, b] = [over(theirs, i), over(ours, i)];
      if (Math.max(...a.map((value, channel) => Math.abs(value - b[channel]))) <= tolerance + 1.5) ++alike;
    }
    return { painted, alike: alike / either };
  };

  /** Share of the places (in the CRS of the box) at which a picture has this colour. */
  window.marked = (picture, box, places, colour) => {
    const hit = places.filter(([x, y]) => {
      const column = Math.floor((x - box[0]) / (box[2] - box[0]) * 600), row = Math.floor((box[3] - y) / (box[3] - box[1]) * 400), i = 4 * (row * 600 + column);
      return colour.every((value, channel) => Math.abs(picture[i + channel] - value) < 8);
    });
    return hit.length / places.length;
  };

  /** A box of 600 x 400 pixels around a place. */
  window.boxAround = ([x, y], resolution) => [x - 300 * resolution, y - 200 * resolution, x + 300 * resolution, y + 200 * resolution];

  /** The same, with its corner on the grid of pixels that begins at a corner of a tile matrix. */
  window.boxOnGrid = ([x, y], resolution, [left, top]) =>
    boxAround([left + Math.round((x - left) / resolution) * resolution, top - Math.round((top - y) / resolution) * resolution], resolution);
}

const html = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A foreign page</title><link rel="icon" href="data:,">
<style>body { margin: 0 } #map { width: 600px; height: 400px }</style><div id="map"></div>
${Object.keys(libraries).map((name) => `<script src="${name}"></script>`).join("\n")}
<script>(${helpers})()</script></html>`;

/** Serves the page. */
export async function startForeignPage() {
  const server = createServer(async (request, response) => {
    const library = libraries[request.url];
    if (library) response.setHeader("Content-Type", "text/javascript").end(await readFile(new URL(`node_modules/${library}`, import.meta.url)));
    else if (request.url === "/") response.setHeader("Content-Type", "text/html").end(html);
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
