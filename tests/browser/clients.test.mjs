// SPDX-License-Identifier: GPL-2.0-or-later
// OpenLayers and MapLibre on a foreign page against the real service: what they show and read is what the service has.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startForeignPage } from "./foreign_page.mjs";
import { openPage, startBrowser, startTown } from "./town.mjs";

let town, browser, foreign, page, trouble, trees;
before(async () => {
  town = await startTown();
  foreign = await startForeignPage();
  browser = await startBrowser();
  ({ page, trouble } = await openPage(browser, [town.origin, foreign.origin]));
  page.on("requestfailed", (request) => trouble.push(`${request.failure()?.errorText} ${request.url()}`));
  await page.goto(foreign.origin);
  const everything = await (await fetch(`${town.url}/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees_tree&OUTPUTFORMAT=application/geo%2Bjson&SRSNAME=EPSG:25833`)).json();
  assert.equal(everything.features.length, everything.numberMatched);
  trees = everything.features;
}, { timeout: 240_000 });
after(async () => {
  await browser?.close();
  await foreign?.stop();
  await town?.stop();
});
afterEach(() => {
  assert.deepEqual(trouble, []);
  trouble.length = 0;
});

const place = [389875, 5719825];   // in EPSG:25833: houses and trees
const at = { "EPSG:25833": 0.5, "EPSG:3857": 0.8, "EPSG:4326": 0.000005 };   // resolution

/** Runs a function in the foreign page. With STADTGDI_SCREENSHOTS what the page shows then is kept in that folder. */
async function onForeignPage(name, work, more = {}) {
  await page.evaluate(() => endMap());
  const result = await page.evaluate(work, { url: town.url, place, at, ...more });
  if (process.env.STADTGDI_SCREENSHOTS) await page.locator("#map").screenshot({ path: `${process.env.STADTGDI_SCREENSHOTS}/${name}.png` });
  return result;
}

function expectOnePicture({ painted, alike }, share, what) {
  assert.ok(painted > 2000, `${what}: ${painted} pixels are painted`);
  assert.ok(alike >= share, `${what}: ${alike} of the pixels are alike`);
}

const ids = (features) => features.map(({ id }) => id).sort();

/** The trees of a box in EPSG:25833 (further inside of it, where a distance is given). */
const treesWithin = ([left, bottom, right, top], inside = 0) =>
  trees.filter(({ geometry: { coordinates: [x, y] } }) => x >= left + inside && x <= right - inside && y >= bottom + inside && y <= top - inside);

for (const crs of ["EPSG:25833", "EPSG:3857", "EPSG:4326"]) {
  test(`OpenLayers shows the picture of WMS in ${crs}`, async () => {
    for (const version of ["1.3.0", "1.1.1"]) {
      const result = await onForeignPage(`ol_wms_${crs.slice(5)}_${version}`, async ({ url, place, at, crs, version }) => {
        const box = boxAround(ol.proj.transform(place, "EPSG:25833", crs), at[crs]);
        const source = new ol.source.ImageWMS({ url: `${url}/ows`, ratio: 1, crossOrigin: "anonymous", params: { LAYERS: "buildings_building,trees_tree", VERSION: version } });
        const shown = await openLayersPicture([new ol.layer.Image({ source })], crs, box);
        return compared(shown, await ownPicture(url, "buildings_building,trees_tree", crs, box));
      }, { crs, version });
      expectOnePicture(result, 1, version);
    }
  });

  test(`OpenLayers lays tiles of WMS in ${crs} side by side`, async () => {
    const result = await onForeignPage(`ol_tilewms_${crs.slice(5)}`, async ({ url, place, at, crs }) => {
      const box = boxAround(ol.proj.transform(place, "EPSG:25833", crs), at[crs]);
      const tileGrid = new ol.tilegrid.TileGrid({ origin: [box[0] - 100 * at[crs], box[3] + 70 * at[crs]], resolutions: [at[crs]], tileSize: 256 });
      const source = new ol.source.TileWMS({ url: `${url}/ows`, crossOrigin: "anonymous", tileGrid, transition: 0, params: { LAYERS: "buildings_building" } });
      const shown = await openLayersPicture([new ol.layer.Tile({ source })], crs, box);
      return compared(shown, await ownPicture(url, "buildings_building", crs, box));
    }, { crs });
    expectOnePicture(result, 0.9, crs);   // house numbers stand in every tile
  });
}

test("OpenLayers reads feature information", async () => {
  const { id, properties, geometry } = treesWithin([place[0] - 100, place[1] - 100, place[0] + 100, place[1] + 100])[0];
  const results = await onForeignPage("ol_info", async ({ url, at, coordinates }) => {
    const found = [];
    for (const crs of ["EPSG:25833", "EPSG:3857", "EPSG:4326"]) {
      const source = new ol.source.ImageWMS({ url: `${url}/ows`, params: { LAYERS: "trees_tree" } });
      const there = ol.proj.transform(coordinates, "EPSG:25833", crs);
      for (const [format, parser, written] of [["application/vnd.ogc.gml", new ol.format.WMSGetFeatureInfo(), crs], ["application/geo+json", new ol.format.GeoJSON(), "EPSG:4326"]]) {
        const answer = await fetch(source.getFeatureInfoUrl(there, at[crs] / 4, crs, { INFO_FORMAT: format, FEATURE_COUNT: 1, WITH_GEOMETRY: "true" }));
        const features = parser.readFeatures(await answer.text());
        const [x, y] = features[0].getGeometry().clone().transform(written, "EPSG:25833").getCoordinates();
        found.push({ crs, format, count: features.length, id: features[0].getId(), values: Object.values(features[0].getProperties()).filter((value) => typeof value === "string"),
          off: Math.hypot(x - coordinates[0], y - coordinates[1]) });
      }
    }
    return found;
  }, { coordinates: geometry.coordinates });
  assert.equal(results.length, 6);
  for (const found of results) {
    const what = `${found.crs} ${found.format}`;
    assert.deepEqual([found.count, found.id], [1, id], what);
    for (const name of ["uuid", "site_no", "taxon_name_de"]) assert.ok(found.values.includes(properties[name]), `${what}: ${name}`);
    assert.ok(found.off < 0.002, `${what}: ${found.off} m away`);
  }
});

test("OpenLayers reads the capabilities of WMS and WMTS", async () => {
  const read = await onForeignPage("ol_capabilities", async ({ url }) => {
    const text = async (query) => (await fetch(`${url}/${query}`)).text();
    const wms = new ol.format.WMSCapabilities().read(await text("ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities"));
    const wmts = new ol.format.WMTSCapabilities().read(await text("wmts/1.0.0/WMTSCapabilities.xml"));
    const all = (layer) => [layer, ...(layer.Layer ?? []).flatMap(all)];
    const layer = all(wms.Capability.Layer).find(({ Name }) => Name === "trees_tree");
    return { version: wms.version, crs: wms.Capability.Layer.CRS, named: all(wms.Capability.Layer).map(({ Name }) => Name), layer, formats: wms.Capability.Request.GetFeatureInfo.Format,
      tiled: wmts.Contents.Layer.map(({ Identifier }) => Identifier), sets: wmts.Contents.TileMatrixSet.map(({ Identifier, SupportedCRS }) => [Identifier, SupportedCRS]) };
  });
  const collections = (await (await fetch(`${town.url}/ogcapi/collections?f=json`)).json()).collections.filter(({ extent }) => extent?.spatial).map(({ id }) => id);
  assert.equal(read.version, "1.3.0");
  for (const id of collections) assert.ok(read.named.includes(id) && read.tiled.includes(id), id);
  assert.equal(read.layer.queryable, true);
  assert.deepEqual(read.crs, ["EPSG:25833", "EPSG:25832", "EPSG:4258", "EPSG:4326", "EPSG:3857", "EPSG:3035", "CRS:84"]);
  assert.deepEqual(read.layer.BoundingBox.map(({ crs }) => crs).sort(), [...read.crs].sort());
  const box = read.layer.BoundingBox.find(({ crs }) => crs === "EPSG:25833").extent;
  assert.equal(treesWithin(box).length, trees.length);
  assert.equal(treesWithin(box, 0.01).length < trees.length, true, "the box is not larger than it must be");
  assert.match(read.layer.Style[0].LegendURL[0].OnlineResource, /GetLegendGraphic/);
  assert.ok(read.formats.includes("application/geo+json"));
  assert.deepEqual(read.sets, [["WebMercatorQuad", "urn:ogc:def:crs:EPSG::3857"], ["gdi_de_25832", "urn:ogc:def:crs:EPSG::25832"]]);
});

test("OpenLayers shows WMTS as its capabilities describe it", async () => {
  for (const [matrixSet, crs, level] of [["WebMercatorQuad", "EPSG:3857", 17], ["gdi_de_25832", "EPSG:25832", 13]]) {
    for (const requestEncoding of [undefined, "REST"]) {
      const result = await onForeignPage(`ol_wmts_${matrixSet}_${requestEncoding ?? "KVP"}`, async ({ url, place, matrixSet, crs, level, requestEncoding }) => {
        const capabilities = new ol.format.WMTSCapabilities().read(await (await fetch(`${url}/wmts/1.0.0/WMTSCapabilities.xml`)).text());
        const options = ol.source.WMTS.optionsFromCapabilities(capabilities, { layer: "buildings_building", matrixSet, requestEncoding });
        // By REST it would take the templates of all formats in turn.
        if (requestEncoding === "REST") options.urls = options.urls.filter((template) => template.endsWith(".png"));
        const source = new ol.source.WMTS({ ...options, crossOrigin: "anonymous", transition: 0 });
        const grid = options.tileGrid, box = boxOnGrid(ol.proj.transform(place, "EPSG:25833", crs), grid.getResolution(level), grid.getOrigin(level));
        const shown = await openLayersPicture([new ol.layer.Tile({ source })], crs, box);
        return { ...compared(shown, await ownPicture(url, "buildings_building", crs, box), 2), encoding: source.getRequestEncoding() };
      }, { matrixSet, crs, level, requestEncoding });
      assert.equal(result.encoding, requestEncoding ?? "KVP");
      expectOnePicture(result, 0.99, `${matrixSet} ${result.encoding}`);
    }
  }
});

test("OpenLayers shows the map tiles of OGC API", async () => {
  const result = await onForeignPage("ol_map_tiles", async ({ url, place }) => {
    const source = new ol.source.OGCMapTile({ url: `${url}/ogcapi/collections/buildings_building/map/tiles/WebMercatorQuad?f=json`, mediaType: "image/png", crossOrigin: "anonymous", transition: 0 });
    const box = boxOnGrid(ol.proj.transform(place, "EPSG:25833", "EPSG:3857"), 156543.03392804097 / 2 ** 17, [-20037508.3427892, 20037508.3427892]);
    const shown = await openLayersPicture([new ol.layer.Tile({ source })], "EPSG:3857", box);
    return compared(shown, await ownPicture(url, "buildings_building", "EPSG:3857", box), 2);
  });
  expectOnePicture(result, 0.99, "map tiles");
});

test("OpenLayers reads vector tiles", async () => {
  const box = [place[0] - 200, place[1] - 130, place[0] + 200, place[1] + 130], inside = treesWithin(box, 1);
  assert.ok(inside.length > 20);
  for (const kind of ["tileset", "template"]) {
    const result = await onForeignPage(`ol_vector_${kind}`, async ({ url, box, kind, places }) => {
      const here = ol.proj.transformExtent(box, "EPSG:25833", "EPSG:3857"), view = boxAround(ol.extent.getCenter(here), 1.2);
      const format = new ol.format.MVT({ layers: ["trees_tree"] });
      const source = kind === "tileset"
        ? new ol.source.OGCVectorTile({ url: `${url}/ogcapi/tiles/WebMercatorQuad?f=json`, format })
        : new ol.source.VectorTile({ url: `${url}/ogcapi/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt`, format, maxZoom: 17 });
      const style = new ol.style.Style({ image: new ol.style.Circle({ radius: 4, fill: new ol.style.Fill({ color: "#ff0000" }) }) });
      const layer = new ol.layer.VectorTile({ source, style });
      const shown = await openLayersPicture([layer], "EPSG:3857", view);
      const found = new Map(layer.getFeaturesInExtent(view).map((feature) => [feature.getId(), feature]));
      return { red: marked(shown, view, places.map((place) => ol.proj.transform(place, "EPSG:25833", "EPSG:3857")), [255, 0, 0]),
        found: [...found].map(([id, feature]) => [id, feature.get("uuid"), ol.proj.transform(feature.getFlatCoordinates(), "EPSG:3857", "EPSG:25833")]) };
    }, { box, kind, places: inside.map(({ geometry }) => geometry.coordinates) });
    assert.equal(result.red, 1, kind);
    const found = new Map(result.found.map(([id, uuid, coordinates]) => [`trees_tree.${id}`, { uuid, coordinates }]));
    for (const { id, properties, geometry } of inside) {
      assert.equal(found.get(id)?.uuid, properties.uuid, `${kind} ${id}`);
      assert.ok(Math.hypot(...geometry.coordinates.map((value, i) => value - found.get(id).coordinates[i])) < 0.3, `${kind} ${id}`);
    }
  }
});

test("OpenLayers reads WFS in every version", async () => {
  const box = [place[0] - 150, place[1] - 100, place[0] + 150, place[1] + 100], expected = treesWithin(box);
  assert.ok(expected.length > 20);
  for (const [version, gml, more] of [["2.0.0", "GML32", "TYPENAMES"], ["1.1.0", "GML3", "TYPENAME"], ["1.0.0", "GML2", "TYPENAME"]]) {
    // OpenLayers takes GML 2 in EPSG:4326 for latitude and longitude, WFS 1.0.0 has it the other way round.
    for (const crs of version === "1.0.0" ? ["EPSG:25833"] : ["EPSG:25833", "EPSG:4326"]) {
      const read = await onForeignPage(`ol_wfs_${version}`, async ({ url, box, version, gml, more, crs }) => {
        const name = version === "1.0.0" ? crs : `urn:ogc:def:crs:EPSG::${crs.slice(5)}`;
        const format = new ol.format.WFS({ version, gmlFormat: new ol.format[gml]({ featureNS: "urn:x-stadtgdi:town", featureType: "trees_tree", srsName: name }) });
        const query = new URLSearchParams({ SERVICE: "WFS", VERSION: version, REQUEST: "GetFeature", [more]: "app:trees_tree", SRSNAME: name, BBOX: [...box, ...(version === "1.0.0" ? [] : ["EPSG:25833"])].join(",") });
        const text = await (await fetch(`${url}/ows?${query}`)).text();
        return format.readFeatures(text, { dataProjection: crs, featureProjection: "EPSG:25833" })
          .map((feature) => ({ id: feature.getId(), height: feature.get("height_m"), uuid: feature.get("uuid"), coordinates: feature.getGeometry().getCoordinates().slice(0, 2) }));
      }, { box, version, gml, more, crs });
      assert.deepEqual(ids(read), ids(expected), `${version} ${crs}`);
      const found = new Map(read.map((feature) => [feature.id, feature]));
      for (const { id, properties, geometry } of expected) {
        assert.deepEqual([found.get(id).uuid, Number(found.get(id).height ?? NaN)], [properties.uuid, properties.height_m ?? NaN], id);
        assert.ok(Math.hypot(...geometry.coordinates.map((value, i) => value - found.get(id).coordinates[i])) < 0.002, `${version} ${crs} ${id} ${found.get(id).coordinates}`);
      }
    }
  }
});

test("OpenLayers loads what is in view from WFS and OGC API Features", async () => {
  const box = [place[0] - 300, place[1] - 200, place[0] + 300, place[1] + 200];
  const counts = await onForeignPage("ol_vector", async ({ url, box }) => {
    const addresses = {
      wfs: (extent) => `${url}/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees_tree&OUTPUTFORMAT=application/json&SRSNAME=EPSG:25833&BBOX=${extent.join(",")},EPSG:25833`,
      items: (extent) => `${url}/ogcapi/collections/trees_tree/items?f=json&limit=5000&crs=http://www.opengis.net/def/crs/EPSG/0/25833&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25833&bbox=${extent.join(",")}`,
    };
    const counts = {};
    for (const [name, address] of Object.entries(addresses)) {
      endMap();
      const source = new ol.source.Vector({ url: address, format: new ol.format.GeoJSON({ dataProjection: "EPSG:25833" }), strategy: ol.loadingstrategy.bbox });
      const style = new ol.style.Style({ image: new ol.style.Circle({ radius: 4, fill: new ol.style.Fill({ color: "#0000ff" }) }) });
      const shown = await openLayersPicture([new ol.layer.Vector({ source, style, renderBuffer: 0 })], "EPSG:25833", box);
      const features = source.getFeatures(), loaded = ol.extent.boundingExtent(features.map((feature) => feature.getGeometry().getCoordinates()));
      counts[name] = { ids: features.map((feature) => feature.getId()), loaded,
        blue: marked(shown, box, features.map((feature) => feature.getGeometry().getCoordinates()).filter((place) => ol.extent.containsCoordinate(ol.extent.buffer(box, -1), place)), [0, 0, 255]),
        matched: (await (await fetch(address(box))).json()).numberMatched };
    }
    return counts;
  }, { box });
  const expected = treesWithin(box);
  for (const [name, { ids: read, blue, matched }] of Object.entries(counts)) {
    assert.equal(matched, expected.length, name);
    assert.deepEqual(read.map((id) => (name === "wfs" ? id : `trees_tree.${id}`)).sort(), ids(expected), name);
    assert.equal(blue, 1, name);
  }
});

test("OpenLayers asks WFS in XML", async () => {
  const [x, y] = place, corner = [[x - 200, y - 150], [x + 250, y - 100], [x, y + 200], [x - 200, y - 150]];
  const inTriangle = (x, y) => corner.slice(0, 3).every(([ax, ay], i) => (corner[i + 1][0] - ax) * (y - ay) - (corner[i + 1][1] - ay) * (x - ax) >= 0);
  const near = (metres) => ({ geometry: { coordinates } }) => Math.hypot(coordinates[0] - x, coordinates[1] - y) <= metres;
  const value = (test) => ({ properties }) => test(properties);
  const expected = {
    equal: value(({ status }) => status === "standing"),
    "not equal": value(({ genus }) => genus !== null && genus !== "Tilia"),
    comparison: value(({ height_m }) => height_m !== null && height_m >= 20),
    less: value(({ height_m }) => height_m !== null && height_m < 5.5),
    between: value(({ planting_year }) => planting_year !== null && planting_year >= 1970 && planting_year <= 1980),
    like: value(({ taxon_name_de }) => /^.inter-L/.test(taxon_name_de ?? "")),
    "like without case": value(({ taxon_name_de }) => /^winter-l/i.test(taxon_name_de ?? "")),
    null: value(({ height_m }) => height_m === null),
    logic: value(({ status, height_m, genus }) => (status === "standing" && height_m !== null && height_m > 15) || !(genus !== null && genus === "Tilia") && genus !== null),
    box: ({ geometry: { coordinates: [a, b] } }) => Math.abs(a - x) <= 200 && Math.abs(b - y) <= 100,
    intersects: ({ geometry: { coordinates } }) => inTriangle(...coordinates),
    within: ({ geometry: { coordinates } }) => inTriangle(...coordinates),
    disjoint: ({ geometry: { coordinates } }) => !inTriangle(...coordinates),
    distance: near(120),
    during: value(({ valid_from }) => valid_from > "1990-01-01" && valid_from < "2000-01-01"),
    id: ({ id }) => id === "trees_tree.5",
  };
  for (const version of ["2.0.0", "1.1.0"]) {
    const read = await onForeignPage(`ol_xml_${version}`, async ({ url, place, corner, version }) => {
      const f = ol.format.filter, triangle = new ol.geom.Polygon([corner]), format = new ol.format.WFS({ version });
      const filters = {
        equal: f.equalTo("status", "standing"), "not equal": f.notEqualTo("genus", "Tilia"), comparison: f.greaterThanOrEqualTo("height_m", 20), less: f.lessThan("height_m", 5.5),
        between: f.between("planting_year", 1970, 1980), like: f.like("taxon_name_de", ".inter-L*"), "like without case": f.like("taxon_name_de", "winter-l*", "*", ".", "!", false), null: f.isNull("height_m"),
        logic: f.or(f.and(f.equalTo("status", "standing"), f.greaterThan("height_m", 15)), f.not(f.equalTo("genus", "Tilia"))),
        box: f.bbox("geometry", [place[0] - 200, place[1] - 100, place[0] + 200, place[1] + 100], "EPSG:25833"),
        intersects: f.intersects("geometry", triangle, "EPSG:25833"), within: f.within("geometry", triangle, "EPSG:25833"),
        distance: f.dwithin("geometry", new ol.geom.Point(place), 120, "m", "EPSG:25833"),
        ...(version === "2.0.0" ? { disjoint: f.disjoint("geometry", triangle, "EPSG:25833"), during: f.during("valid_from", "1990-01-01", "2000-01-01"), id: f.resourceId("trees_tree.5") } : {}),
      };
      const answers = {};
      for (const [name, filter] of Object.entries(filters)) {
        const more = { featureNS: "urn:x-stadtgdi:town", featurePrefix: "app", featureTypes: ["trees_tree"], srsName: "EPSG:25833", filter };
        const post = async (options) => (await fetch(`${url}/ows`, { method: "POST", headers: { "Content-Type": "text/xml" },
          body: new XMLSerializer().serializeToString(format.writeGetFeature({ ...more, ...options })) })).text();
        const json = await post({ outputFormat: "application/geo+json", propertyNames: ["site_no"] });
        const hits = await post({ resultType: "hits" });
        answers[name] = { ids: new ol.format.GeoJSON().readFeatures(json).map((feature) => feature.getId()), names: Object.keys(JSON.parse(json).features[0].properties),
          hits: version === "2.0.0" ? Number(new DOMParser().parseFromString(hits, "text/xml").documentElement.getAttribute("numberMatched")) : format.readFeatureCollectionMetadata(hits).numberOfFeatures };
      }
      return answers;
    }, { corner, version });
    for (const [name, { ids: found, hits, names }] of Object.entries(read)) {
      const wanted = ids(trees.filter(expected[name]));
      assert.ok(wanted.length > 0, name);
      assert.deepEqual(found.sort(), wanted, `${version} ${name}`);
      assert.deepEqual([hits, names], [wanted.length, ["site_no"]], `${version} ${name}`);
    }
  }
});

const level = 156543.03392804097 / 2 ** 17;   // metres of EPSG:3857 a pixel
const mapLibreSources = {
  "WMS": (url) => [`${url}/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=buildings_building&STYLES=&CRS=EPSG:3857&BBOX={bbox-epsg-3857}&WIDTH=256&HEIGHT=256&FORMAT=image/png&TRANSPARENT=TRUE`],
  "map tiles": (url) => [`${url}/ogcapi/collections/buildings_building/map/tiles/WebMercatorQuad/{z}/{y}/{x}?f=png`],
  "WMTS": (url) => [`${url}/wmts/1.0.0/buildings_building/default/WebMercatorQuad/{z}/{y}/{x}.png`],
};
for (const [name, tiles] of Object.entries(mapLibreSources)) {
  test(`MapLibre shows ${name}`, async () => {
    const result = await onForeignPage(`maplibre_${name.replace(" ", "_")}`, async ({ url, place, level, tiles }) => {
      const box = boxOnGrid(ol.proj.transform(place, "EPSG:25833", "EPSG:3857"), level, [-20037508.3427892, 20037508.3427892]);
      const { shown } = await mapLibrePicture({ sources: { city: { type: "raster", tiles, tileSize: 256, maxzoom: 24 } }, layers: [{ id: "city", type: "raster", source: "city", paint: { "raster-fade-duration": 0 } }] }, box);
      return compared(shown, await ownPicture(url, "buildings_building", "EPSG:3857", box), 5);
    }, { level, tiles: tiles(town.url) });
    expectOnePicture(result, 0.99, name);
  });
}

test("MapLibre reads vector tiles by their TileJSON", async () => {
  const box = [place[0] - 200, place[1] - 130, place[0] + 200, place[1] + 130], inside = treesWithin(box, 1);
  const result = await onForeignPage("maplibre_vector", async ({ url, box, places }) => {
    const here = ol.proj.transformExtent(box, "EPSG:25833", "EPSG:3857"), view = boxAround(ol.extent.getCenter(here), 1.2);
    const { map, shown } = await mapLibrePicture({ sources: { city: { type: "vector", url: `${url}/ogcapi/tiles/WebMercatorQuad?f=tilejson` } }, layers: [
      { id: "houses", type: "fill", source: "city", "source-layer": "buildings_building", paint: { "fill-color": "#c0c0c0" } },
      { id: "trees", type: "circle", source: "city", "source-layer": "trees_tree", paint: { "circle-radius": 4, "circle-color": "#ff0000" } }] }, view);
    const source = map.getSource("city");
    return { red: marked(shown, view, places.map((place) => ol.proj.transform(place, "EPSG:25833", "EPSG:3857")), [255, 0, 0]), layers: source.vectorLayerIds, attribution: source.attribution,
      houses: new Set(map.queryRenderedFeatures({ layers: ["houses"] }).map(({ id }) => id)).size,
      found: map.queryRenderedFeatures({ layers: ["trees"] }).map(({ id, properties, geometry }) => [id, properties.uuid, properties.height_m, ol.proj.transform(geometry.coordinates, "EPSG:4326", "EPSG:25833")]) };
  }, { box, places: inside.map(({ geometry }) => geometry.coordinates) });
  assert.equal(result.red, 1);
  assert.ok(result.layers.includes("trees_tree") && result.layers.includes("buildings_building"));
  assert.match(result.attribution, /^© /);
  assert.ok(result.houses > 20);
  const found = new Map(result.found.map(([id, uuid, height, coordinates]) => [`trees_tree.${id}`, { uuid, height, coordinates }]));
  for (const { id, properties, geometry } of inside) {
    assert.deepEqual([found.get(id)?.uuid, found.get(id)?.height ?? null], [properties.uuid, properties.height_m], id);
    assert.ok(Math.hypot(...geometry.coordinates.map((value, i) => value - found.get(id).coordinates[i])) < 0.3, id);
  }
});
