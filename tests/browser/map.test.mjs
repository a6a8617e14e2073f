// SPDX-License-Identifier: GPL-2.0-or-later
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { expectAccessible } from "./axe.mjs";
import { openPage, startBrowser, startTown } from "./town.mjs";

let town, browser;
before(async () => {
  town = await startTown();
  browser = await startBrowser();
}, { timeout: 240_000 });
after(async () => {
  await browser?.close();
  await town?.stop();
});

async function openMap(options, hash = "") {
  const opened = await openPage(browser, town.origin, options);
  await opened.page.goto(`${town.url}/map${hash}`);
  await opened.page.waitForSelector("body[data-ready]");
  await opened.page.waitForLoadState("networkidle");
  await opened.page.waitForTimeout(300);
  return opened;
}

/** Colours that the map's picture shows, as a count of different pixels. */
function coloursShown(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector("#map canvas");
    if (!canvas) return 0;
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set();
    for (let i = 0; i < pixels.length; i += 4 * 7) if (pixels[i + 3] > 0) seen.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
    return seen.size;
  });
}

/** Waits until the picture has more than so many colours (or, below zero, at most one). */
async function expectColours(page, more) {
  let seen = 0;
  for (let tries = 0; tries < 100; ++tries) {
    seen = await coloursShown(page);
    if (more < 0 ? seen <= 1 : seen > more) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`the picture shows ${seen} colours`);
}

/** Tree of the demo city in the middle of the map, asked of the service itself. */
async function aTree() {
  const items = await (await fetch(`${town.url}/ogcapi/collections/trees_tree/items?limit=1&offset=50&crs=http://www.opengis.net/def/crs/EPSG/0/25833`)).json();
  return items.features[0].geometry.coordinates;
}

test("the map shows the city and asks no other host", async () => {
  const { page, trouble, context } = await openMap();
  assert.match(await page.title(), /Karte$/);
  await expectColours(page, 20);
  assert.ok(await page.locator("#pane-layers input[type=checkbox]").count() >= 5);
  assert.match(await page.locator(".scale").textContent(), /Maßstab 1 : [\d.]+/);
  assert.deepEqual(trouble, []);
  await expectAccessible(page, "map");
  await context.close();
});

test("switching every layer off empties the picture", async () => {
  const { page, trouble, context } = await openMap();
  await expectColours(page, 20);
  for (const box of await page.locator("#pane-layers input[type=checkbox]").all()) await box.uncheck();
  await expectColours(page, -1);
  await page.getByRole("checkbox", { name: "Bäume", exact: true }).check();
  await expectColours(page, 3);
  assert.deepEqual(trouble, []);
  await context.close();
});

test("a click tells what is there, Escape closes it", async () => {
  const [x, y] = await aTree();
  const { page, trouble, context } = await openMap({}, `#map=${x},${y},0.2&layers=trees_tree`);
  const box = await page.locator("#map").boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForSelector("#info .hits h3");
  assert.match(await page.locator("#info").textContent(), /Bäume/);
  assert.ok(await page.locator("#info dt").count() > 3);
  await expectAccessible(page, "feature information");
  await page.locator("#info button").first().focus();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#info").isVisible(), false);
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the keyboard alone moves the map and asks what is at its centre", async () => {
  const [x, y] = await aTree();
  const { page, trouble, context } = await openMap({}, `#map=${x},${y},0.2&layers=trees_tree`);
  await page.locator("#map").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#info .hits h3");
  assert.equal(await page.evaluate(() => document.activeElement?.closest("#info") !== null), true, "focus follows");
  await page.locator("#info button").first().click();
  await page.locator("#map").focus();
  const before = await page.evaluate(() => location.hash);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((old) => location.hash !== old, before);
  const scale = await page.locator(".scale").textContent();
  await page.keyboard.press("+");
  await page.waitForFunction((old) => document.querySelector(".scale").textContent !== old, scale);
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the list shows what the map shows", async () => {
  const [x, y] = await aTree();
  const { page, trouble, context } = await openMap({}, `#map=${x},${y},0.3&layers=trees_tree`);
  await page.getByRole("tab", { name: "Liste" }).click();
  await page.locator("#list-layer").selectOption("trees_tree");
  await page.waitForFunction(() => document.querySelectorAll("#pane-list .results button").length > 0);
  await expectAccessible(page, "list");
  await page.locator("#list-filter").fill("this value does not exist");
  assert.equal(await page.locator("#pane-list .results button").count(), 0);
  await page.locator("#list-filter").fill("");
  await page.locator("#pane-list .results button").first().click();
  await page.waitForSelector("#info .hits h3");
  assert.deepEqual(trouble, []);
  await context.close();
});

test("legends open in the tree", async () => {
  const { page, trouble, context } = await openMap();
  await page.getByRole("button", { name: "Legende: Bäume" }).click();
  await page.waitForFunction(() => [...document.querySelectorAll(".legend img")].some((image) => image.naturalWidth > 20));
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the language changes in place and stays in the address", async () => {
  const { page, trouble, context } = await openMap();
  await page.getByRole("button", { name: "English" }).click();
  assert.equal(await page.getByRole("tab", { name: "Layers" }).isVisible(), true);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await page.getByRole("tab", { name: "Layers" }).isVisible(), true);
  assert.deepEqual(trouble, []);
  await context.close();
});

test("on a phone the map comes first and the panel opens on demand", async () => {
  const { page, trouble, context } = await openMap({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  assert.equal(await page.locator("#panel").isVisible(), false);
  await page.getByRole("button", { name: "Seitenleiste zeigen" }).click();
  assert.equal(await page.locator("#panel").isVisible(), true);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing sticks out");
  await expectAccessible(page, "phone");
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the pages of OGC API Features are accessible and load from here alone", async () => {
  const { page, trouble, context } = await openPage(browser, town.origin);
  for (const below of ["", "/collections", "/collections/trees_tree", "/collections/trees_tree/items", "/collections/trees_tree/items/1", "/api", "/conformance"]) {
    await page.goto(`${town.url}/ogcapi${below}`);
    await page.waitForLoadState("networkidle");
    assert.equal(await page.locator("h1").count(), 1, below);
    await expectAccessible(page, below);
  }
  await page.goto(`${town.url}/ogcapi/collections/trees_tree/items`);
  await page.getByRole("link", { name: "Nächste Seite" }).first().click();
  assert.match(await page.locator(".paging").first().textContent(), /11–20 von/);
  assert.deepEqual(trouble, []);
  await context.close();
});
