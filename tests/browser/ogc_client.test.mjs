// SPDX-License-Identifier: GPL-2.0-or-later
// What the library ogc-client (of geOrchestra's catalogue and others) makes of the real service.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTown } from "./town.mjs";

// The library's own stand-in for Node 18 is no Event, which Node refuses to dispatch.
globalThis.CustomEvent ??= class extends Event {
  constructor(type, options) {
    super(type, options);
    this.detail = options?.detail;
  }
};
const { OgcApiEndpoint, WfsEndpoint, WmsEndpoint, WmtsEndpoint } = await import("@camptocamp/ogc-client");

const rows = { trees_tree: 8876, districts_district: 10 };
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84", utm = "http://www.opengis.net/def/crs/EPSG/0/25833";
const box = [389700, 5719700, 390050, 5719950];

let town, collections, trees;
before(async () => {
  town = await startTown();
  collections = (await json(`${town.url}/ogcapi/collections?f=json`)).collections;
  trees = (await json(`${town.url}/ogcapi/collections/trees_tree/items?limit=10000&crs=${utm}`)).features;
}, { timeout: 240_000 });
after(() => town?.stop());

async function got(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, `${url}: ${answer.status}`);
  return answer;
}

const json = async (url) => (await got(url)).json();

const inBox = ({ geometry: { coordinates: [x, y] } }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];

test("WMS", async () => {
  for (const version of ["1.3.0", "1.1.1"]) {
    const wms = await new WmsEndpoint(`${town.url}/ows${version === "1.3.0" ? "" : `?VERSION=${version}`}`).isReady();
    assert.equal(wms.getVersion(), version);
    const info = wms.getServiceInfo();
    assert.deepEqual(info.outputFormats, ["image/png", "image/png; mode=8bit", "image/jpeg", "image/webp"]);
    assert.ok(info.infoFormats.includes("application/geo+json"));
    assert.ok(info.title && info.abstract && info.keywords.length > 3 && info.provider.contact.organization);
    const named = wms.getFlattenedLayers().map(({ name }) => name);
    for (const { id, extent } of collections) if (extent?.spatial) assert.ok(named.includes(id), id);
    assert.equal(wms.getLayers().length, 1);
    const layer = wms.getLayerByName("trees_tree");
    assert.equal(layer.title, "Bäume");
    assert.deepEqual(layer.availableCrs, ["EPSG:25833", "EPSG:25832", "EPSG:4258", "EPSG:4326", "EPSG:3857", "EPSG:3035", "CRS:84"]);
    const [left, bottom, right, top] = layer.boundingBoxes["EPSG:25833"].map(Number);
    assert.ok(trees.every(({ geometry: { coordinates: [x, y] } }) => x >= left && x <= right && y >= bottom && y <= top));
    assert.equal((await got(layer.styles[0].legendUrl)).headers.get("content-type"), "image/png");
    const map = await got(wms.getMapUrl(["trees_tree"], { widthPx: 350, heightPx: 250, crs: "EPSG:25833", extent: box, outputFormat: "image/png" }));
    const ours = await got(`${town.url}/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=trees_tree&STYLES=&CRS=EPSG:25833&BBOX=${box}&WIDTH=350&HEIGHT=250&FORMAT=image/png`);
    assert.deepEqual(Buffer.from(await map.arrayBuffer()), Buffer.from(await ours.arrayBuffer()));
    assert.match(wms.getOperationUrl("GetMap"), /\/town\/ows/);
  }
});

test("WFS", async () => {
  for (const version of ["2.0.0", "1.1.0", "1.0.0"]) {
    const wfs = await new WfsEndpoint(`${town.url}/ows${version === "2.0.0" ? "" : `?VERSION=${version}`}`).isReady();
    assert.equal(wfs.getVersion(), version);
    assert.equal(wfs.supportsStartIndex(), version === "2.0.0");
    assert.deepEqual(wfs.getFeatureTypes().map(({ name }) => name.replace("app:", "")).sort(), collections.map(({ id }) => id).sort());
    for (const [name, count] of Object.entries(rows)) assert.equal((await wfs.getFeatureTypeFull(name)).objectCount, version === "1.0.0" ? undefined : count, `${version} ${name}`);
    const full = await wfs.getFeatureTypeFull("trees_tree");
    assert.deepEqual([full.geometryName, full.geometryType, full.defaultCrs], ["geometry", "point", "EPSG:25833"]);
    assert.deepEqual(Object.keys(full.properties), Object.keys(trees[0].properties));
    assert.deepEqual([full.properties.height_m, full.properties.planting_year, full.properties.sponsored, full.properties.genus], ["float", "integer", "boolean", "string"]);
    const details = await wfs.getFeatureTypePropDetails("districts_district");
    assert.ok(Object.keys(details).length > 3);
    assert.equal(wfs.supportsJson("trees_tree"), version !== "1.0.0");
    if (version === "1.0.0") continue;
    const query = { asJson: true, outputCrs: "EPSG:25833", extent: box, extentCrs: "EPSG:25833" };
    const features = (await json(wfs.getFeatureUrl("trees_tree", query))).features;
    assert.deepEqual(features.map(({ id }) => id).sort(), trees.filter(inBox).map(({ id }) => `trees_tree.${id}`).sort());
    const of = new Map(trees.map((tree) => [`trees_tree.${tree.id}`, tree]));
    for (const { id, geometry, properties } of features) assert.deepEqual([geometry, properties], [of.get(id).geometry, of.get(id).properties]);
    const some = (await json(wfs.getFeatureUrl("trees_tree", { ...query, maxFeatures: 3, attributes: ["genus"] }))).features;
    assert.deepEqual(some.map(({ id, properties }) => [id, properties]), features.slice(0, 3).map(({ id, properties: { genus } }) => [id, { genus }]));
    if (version === "2.0.0") {
      const next = (await json(wfs.getFeatureUrl("trees_tree", { ...query, maxFeatures: 3, startIndex: 3 }))).features;
      assert.deepEqual(next.map(({ id }) => id), features.slice(3, 6).map(({ id }) => id));
    }
  }
});

test("OGC API Features and Tiles", async () => {
  const api = new OgcApiEndpoint(`${town.url}/ogcapi`);
  assert.deepEqual([await api.hasFeatures, await api.hasTiles, await api.hasRecords, await api.hasStyles], [true, true, false, false]);
  assert.ok((await api.conformanceClasses).includes("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson"));
  const places = collections.filter(({ extent }) => extent?.spatial).map(({ id }) => id);
  assert.deepEqual(await api.featureCollections, collections.map(({ id }) => id));
  assert.deepEqual(await api.vectorTileCollections, places);
  assert.deepEqual(await api.mapTileCollections, places);
  assert.deepEqual(await api.tileMatrixSets, ["WebMercatorQuad", "gdi_de_25832"]);
  const info = await api.getCollectionInfo("trees_tree");
  assert.deepEqual(info.itemFormats, ["application/geo+json", "text/html", "text/csv", "application/flatgeobuf"]);
  assert.deepEqual([info.crs[0], info.storageCrs], [crs84, utm]);
  assert.deepEqual(info.supportedTileMatrixSets, ["WebMercatorQuad", "gdi_de_25832"]);
  assert.ok(info.vectorTileFormats.includes("application/vnd.mapbox-vector-tile") && info.mapTileFormats.includes("image/png"));
  const type = (list) => Object.fromEntries(list.map(({ name, type }) => [name, type]));
  for (const name of Object.keys(trees[0].properties)) assert.ok(name in type(info.queryables), name);
  assert.deepEqual(["height_m", "planting_year", "valid_from"].map((name) => type(info.queryables)[name]), ["number", "integer", "string"]);
  assert.ok(!("geometry" in type(info.sortables)) && "height_m" in type(info.sortables));
  const url = await api.getCollectionItemsUrl("trees_tree", { asJson: true, limit: 1000, outputCrs: utm, extent: box, extentCrs: utm });
  assert.deepEqual((await json(url)).features, trees.filter(inBox));
  assert.deepEqual((await api.getCollectionItems("trees_tree", 3, 2)).map(({ id }) => id), trees.slice(2, 5).map(({ id }) => id));
  const tall = (await api.getCollectionItems("trees_tree", 5, 0, undefined, ["-height_m"], undefined, undefined, undefined, "genus=Tilia")).map(({ properties }) => [properties.genus, properties.height_m]);
  const heights = trees.filter(({ properties }) => properties.genus === "Tilia").map(({ properties }) => properties.height_m).sort((a, b) => b - a);
  assert.deepEqual(tall, heights.slice(0, 5).map((height) => ["Tilia", height]));
  const sites = await json(`${town.url}/ogcapi/collections/greenspace_site/items?limit=1000`);
  const until = (await api.getCollectionItems("greenspace_site", 1000, 0, undefined, undefined, undefined, undefined, { end: new Date("1990-01-01") })).map(({ id }) => id);
  assert.deepEqual(until, sites.features.filter(({ properties }) => (properties.valid_from ?? "0") <= "1990-01-01").map(({ id }) => id));
  assert.ok(until.length > 0 && until.length < sites.features.length);
  assert.deepEqual((await api.getCollectionItem("trees_tree", "5")).properties, trees.find(({ id }) => id === 5).properties);
  assert.equal((await json(await api.getVectorTilesetUrl("trees_tree"))).dataType, "vector");
  assert.equal((await json(await api.getMapTilesetUrl("trees_tree"))).dataType, "map");
});

test("WMTS", async () => {
  for (const where of ["ows?SERVICE=WMTS&REQUEST=GetCapabilities", "wmts/1.0.0/WMTSCapabilities.xml"]) {
    const wmts = await new WmtsEndpoint(`${town.url}/${where}`).isReady();
    for (const { id, extent } of collections) if (extent?.spatial) assert.ok(wmts.getLayerByName(id), id);
    assert.deepEqual(wmts.getMatrixSets().map(({ identifier, crs }) => [identifier, crs]), [["WebMercatorQuad", "urn:ogc:def:crs:EPSG::3857"], ["gdi_de_25832", "urn:ogc:def:crs:EPSG::25832"]]);
    const layer = wmts.getLayerByName("trees_tree");
    assert.deepEqual(layer.resourceLinks.map(({ format, encoding }) => `${encoding} ${format}`).filter((link) => link.startsWith("REST")), ["REST image/png", "REST image/jpeg", "REST image/webp"]);
    for (const format of ["image/png", "image/jpeg", "image/webp"]) {
      const tile = await got(wmts.getTileUrl("trees_tree", layer.defaultStyle, "WebMercatorQuad", "14", 5440, 8802, format));
      assert.equal(tile.headers.get("content-type"), format);
    }
    assert.equal((await got(layer.styles[0].legendUrl)).headers.get("content-type"), "image/png");
  }
});
