// SPDX-License-Identifier: GPL-2.0-or-later
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expectAccessible } from "./axe.mjs";
import { key, openPage, startBrowser, startTown } from "./town.mjs";

let town, browser;
before(async () => {
  town = await startTown();
  browser = await startBrowser();
}, { timeout: 240_000 });
after(async () => {
  await browser?.close();
  await town?.stop();
});

/** Waits for the map's picture: one that the next page cuts off is no trouble of the map's. */
async function drawn(page) {
  await page.waitForSelector("body[data-ready]");
  await page.locator(".working").waitFor({ state: "hidden" });
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(300);
  await page.locator(".working").waitFor({ state: "hidden" });
}

async function openMap(options, hash = "") {
  const opened = await openPage(browser, town.origin, options);
  await opened.page.goto(`${town.url}/map${hash}`);
  await drawn(opened.page);
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

/** How many pixels of the map have the pink of a mark. */
function markedPixels(page) {
  return page.evaluate(() => {
    let marked = 0;
    for (const canvas of document.querySelectorAll("#map canvas")) {
      const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 0; i < pixels.length; i += 4)
        if (Math.abs(pixels[i] - 194) < 12 && Math.abs(pixels[i + 1] - 24) < 12 && Math.abs(pixels[i + 2] - 91) < 12) ++marked;
    }
    return marked;
  });
}

test("what is read is marked, as an outline and alone", async () => {
  const { page, trouble, context } = await openMap({}, "#layers=districts_district");
  await page.locator("#map").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#info .hits h3");
  const places = page.locator("#info .hits > details"), opened = page.locator("#info .hits > details[open]");
  assert.ok(await places.count() > 1, "a district and the city it is in");
  assert.equal(await opened.count(), 1, "one of several is open");
  await page.waitForTimeout(300);
  assert.ok(await markedPixels(page) > 20);
  await places.last().locator("summary").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(400);
  assert.equal(await opened.count(), 1, "the one before is closed");
  const marked = await markedPixels(page);
  const box = await page.locator("#map").boundingBox();
  assert.ok(marked > 100 && marked < box.width * box.height * 0.05, `${marked} pixels are pink: the border, not the area`);
  await expectAccessible(page, "several features");
  assert.deepEqual(trouble, []);
  await context.close();
});

test("information begins with facts, identifiers are folded", async () => {
  const [x, y] = await aTree();
  const { page, trouble, context } = await openMap({}, `#map=${x},${y},0.2&layers=trees_tree`);
  await page.locator("#map").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#info .hits h3");
  const title = await page.locator("#info h3").first().textContent();
  assert.doesNotMatch(title, /^Objekt|^Bäume/, "the name of the tree");
  const uuid = page.locator("#info dt", { hasText: "Objekt-ID" }).first();
  assert.equal(await uuid.isVisible(), false);
  const facts = await page.locator("#info dl").first().textContent();
  assert.match(facts, /\d\u00a0m/, "measures have their unit");
  assert.doesNotMatch(facts, /true|false|\[m\]/);
  await page.locator("#info .more summary").first().focus();
  await page.keyboard.press("Enter");
  await uuid.waitFor({ state: "visible" });
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the buttons of the map stay in reach after the keyboard was on it", async () => {
  const { page, trouble, context } = await openMap();
  await page.locator("#map").focus();
  await page.keyboard.press("ArrowLeft");
  const scale = await page.locator(".scale").textContent();
  await page.getByRole("button", { name: "Vergrößern" }).click({ timeout: 5000 });
  await page.waitForFunction((old) => document.querySelector(".scale").textContent !== old, scale);
  assert.deepEqual(trouble, []);
  await context.close();
});

test("while the picture is drawn the map says so", async () => {
  const { page, context } = await openPage(browser, town.origin);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/ows?*GetMap*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${town.url}/map`);
  await page.getByText("Karte wird gezeichnet …").waitFor({ state: "visible" });
  release();
  await page.locator(".working").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Vergrößern" }).click();
  await page.waitForTimeout(500);
  await page.locator(".working").waitFor({ state: "hidden" });
  await context.close();
});

test("nothing lies upon another at the lower edge", async () => {
  for (const width of [1280, 800, 390]) {
    const { page, trouble, context } = await openMap({ viewport: { width, height: 780 } });
    const boxes = [];
    for (const part of await page.locator(".bar > .box").all()) if (await part.isVisible()) boxes.push(await part.boundingBox());
    assert.equal(boxes.length, 2, `${width}`);
    assert.ok(boxes[0].x + boxes[0].width <= boxes[1].x, `${width}: scale and sources side by side`);
    assert.ok(boxes[1].x + boxes[1].width <= width, `${width}: inside`);
    const text = await page.locator(".sources").textContent();
    assert.match(text, /^© [^©]/);
    if (width < 700) {
      assert.equal(await page.locator(".sources").isVisible(), false);
      await page.getByRole("button", { name: "Quellen der Karte" }).click();
      assert.equal(await page.locator(".sources").isVisible(), true);
      await expectAccessible(page, "sources on a phone");
    }
    assert.deepEqual(trouble, []);
    await context.close();
  }
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

test("zooming to a layer shows it", async () => {
  const { page, trouble, context } = await openMap();
  const note = page.locator("#pane-layers li.layer", { has: page.getByRole("checkbox", { name: "Toiletten" }) }).locator(".note");
  assert.notEqual(await note.textContent(), "", "too small a scale at first");
  await page.getByRole("button", { name: "Auf Ebene zoomen: Toiletten" }).click();
  await page.waitForFunction((element) => element.textContent === "", await note.elementHandle());
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

test("a key opens what is hidden, and logging out closes it again", async () => {
  const { page, trouble, context } = await openMap();
  const lines = page.getByRole("checkbox", { name: "Leitungen", exact: true });
  assert.equal(await lines.count(), 0);
  assert.equal(await page.getByRole("link", { name: "Anmelden" }).getAttribute("href"), "login");
  await page.goto(`${town.url.replace("//", `//any:${key}@`)}/login`);
  await drawn(page);
  await page.goto(`${town.url}/map`);
  await drawn(page);
  assert.equal(await page.getByText("Angemeldet: Leitstelle").isVisible(), true);
  assert.ok(await lines.count() > 0);
  await expectAccessible(page, "logged in");
  await page.goto(`${town.url}/ogcapi`);
  assert.equal(await page.getByText("Angemeldet: Leitstelle").isVisible(), true);
  await page.goto(`${town.url}/map`);
  await drawn(page);
  await page.getByRole("button", { name: "Abmelden" }).click();
  await page.getByRole("link", { name: "Anmelden" }).waitFor({ state: "visible" });
  await drawn(page);
  assert.equal(await lines.count(), 0);
  await page.goto(`${town.url}/ogcapi`);
  await page.getByRole("link", { name: "Anmelden" }).waitFor({ state: "visible" });
  assert.deepEqual(trouble.filter((line) => !/\/(login|logout)$/.test(line)), []);
  await context.close();
});

test("a page without script logs out, too", async () => {
  const { page, context } = await openPage(browser, town.origin, { javaScriptEnabled: false });
  await page.goto(`${town.url.replace("//", `//any:${key}@`)}/login?to=ogcapi`);
  await page.goto(`${town.url}/ogcapi`);
  await page.getByRole("link", { name: "Abmelden" }).click();
  await page.getByRole("heading", { name: "Abgemeldet" }).waitFor({ state: "visible" });
  await page.goto(`${town.url}/ogcapi`);
  assert.equal(await page.getByRole("link", { name: "Anmelden" }).getAttribute("href"), `${town.url}/login?to=ogcapi`);
  await context.close();
});

test("the language changes in place and stays in the address", async () => {
  const { page, trouble, context } = await openMap();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("tab", { name: "Layers" }).waitFor({ state: "visible" });
  // What the service tells of the project changes, too.
  const legend = page.waitForRequest((request) => /GetLegendGraphic.*LANGUAGE=eng/.test(request.url()));
  await page.getByRole("button", { name: "Legend: Trees", exact: true }).click();
  await legend;
  assert.match(await page.locator("#panel h1").textContent(), /^Geodata of the city of /);
  assert.doesNotMatch(await page.locator("#panel").textContent(), /Bäume/);
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

test("on a phone a table of features begins with their names", async () => {
  const { page, trouble, context } = await openPage(browser, town.origin, { viewport: { width: 390, height: 780 } });
  await page.goto(`${town.url}/ogcapi/collections/greenspace_playground/items`);
  const name = await page.locator("tbody th").first().textContent();
  assert.doesNotMatch(name, /^[0-9a-f]{8}-/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing sticks out");
  const head = await page.locator("thead th").allTextContents();
  assert.equal(head.at(-1), "Objekt-ID");
  await expectAccessible(page, "items on a phone");
  await page.locator("tbody a").first().click();
  assert.equal(await page.getByText("Objekt-ID").isVisible(), false);
  await page.getByText("Mehr: Erfassung und Kennungen").click();
  assert.equal(await page.getByText("Objekt-ID").isVisible(), true);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing sticks out");
  await expectAccessible(page, "one feature on a phone");
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the pages of OGC API Features are accessible and load from here alone", async () => {
  const { page, trouble, context } = await openPage(browser, town.origin);
  for (const below of ["", "/collections", "/collections/trees_tree", "/collections/trees_tree/items", "/collections/trees_tree/items/1", "/collections/buildings_toilet", "/collections/buildings_building/items", "/api", "/conformance"]) {
    await page.goto(`${town.url}/ogcapi${below}`);
    await page.waitForLoadState("networkidle");
    assert.equal(await page.locator("h1").count(), 1, below);
    const blank = await page.evaluate(async () => {
      for (const image of document.images) {
        image.loading = "eager";
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d");
        canvas.drawImage(image, 0, 0);
        if (new Set(new Uint32Array(canvas.getImageData(0, 0, image.naturalWidth, image.naturalHeight).data.buffer)).size < 4) return true;
      }
      return false;
    });
    assert.equal(blank, false, `${below}: a picture shows something`);
    await expectAccessible(page, below);
  }
  await page.goto(`${town.url}/ogcapi/collections/trees_tree/items`);
  await page.getByRole("link", { name: "Nächste Seite" }).first().click();
  assert.match(await page.locator(".paging").first().textContent(), /11–20 von/);
  assert.deepEqual(trouble, []);
  await context.close();
});

test("the description of the interface is valid OpenAPI", async () => {
  for (const headers of [{}, { "X-API-Key": key }, { "Accept-Language": "en" }]) {
    const description = await (await fetch(`${town.url}/ogcapi/api`, { headers })).json();
    const result = await new Validator().validate(description);
    assert.ok(result.valid, JSON.stringify(result.errors));
    assert.equal((await new Validator().validate({ ...description, paths: { "/": { get: {} } } })).valid, false);
  }
});
