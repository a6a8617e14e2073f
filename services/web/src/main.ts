// SPDX-License-Identifier: GPL-2.0-or-later

import "ol/ol.css";
import "./style.css";
import { CityMap } from "./map";
import { InfoPanel } from "./info";
import { FeatureList } from "./list";
import { LayerTree } from "./tree";
import { el, icon } from "./dom";
import { layersOf, loadProject, logOut, placeOf, type Project } from "./project";
import { readPermalink, writePermalink } from "./permalink";
import { currentLanguage, number, setLanguage, t, type Language } from "./texts";

const host = document.getElementById("app") as HTMLElement;
const source = host.dataset.project as string;
setLanguage((document.documentElement.lang === "en" ? "en" : "de") as Language);

function start(project: Project): void {
  const mapElement = el("div", { id: "map", tabindex: "0", role: "application" });
  const cross = el("div", { class: "cross", "aria-hidden": "true" });
  const title = el("h1");
  const languageButton = el("button", { type: "button", class: "plain" });
  const visitor = el("p", { class: "visitor" });
  const panelButton = el("button", { type: "button", class: "tool panel-button", "aria-expanded": "true", "aria-controls": "panel" }, icon("panel"));
  const tabs = { layers: el("button", { type: "button", role: "tab", id: "tab-layers", "aria-controls": "pane-layers" }), list: el("button", { type: "button", role: "tab", id: "tab-list", "aria-controls": "pane-list" }), about: el("button", { type: "button", role: "tab", id: "tab-about", "aria-controls": "pane-about" }) };
  const panes = { layers: el("div", { role: "tabpanel", id: "pane-layers", "aria-labelledby": "tab-layers" }), list: el("div", { role: "tabpanel", id: "pane-list", "aria-labelledby": "tab-list" }), about: el("div", { role: "tabpanel", id: "pane-about", "aria-labelledby": "tab-about" }) };
  const tablist = el("div", { role: "tablist" }, tabs.layers, tabs.list, tabs.about);
  const panel = el("aside", { id: "panel" }, el("header", {}, title, languageButton), visitor, tablist, el("div", { class: "panes" }, panes.layers, panes.list, panes.about));
  const zoomIn = el("button", { type: "button", class: "tool" }, icon("plus"));
  const zoomOut = el("button", { type: "button", class: "tool" }, icon("minus"));
  const home = el("button", { type: "button", class: "tool" }, icon("home"));
  const share = el("button", { type: "button", class: "tool" }, icon("link"));
  const toolbar = el("div", { class: "toolbar", role: "toolbar" }, panelButton, zoomIn, zoomOut, home, share);
  const coordinates = el("span", { class: "coordinates" });
  const scaleText = el("span", { class: "scale" });
  const scaleLine = el("span", { class: "scale-line", "aria-hidden": "true" });
  const sources = el("span", { class: "sources", id: "sources" });
  const sourcesButton = el("button", { type: "button", class: "quiet sources-button", "aria-expanded": "false", "aria-controls": "sources" }, icon("info"));
  const work = el("div", { class: "working", role: "status" }, el("span", { class: "work" }), el("span", { class: "first" }, t("drawing")));
  const message = el("div", { class: "message", role: "status" });
  const info = el("section", { id: "info", hidden: true });
  const bar = el("div", { class: "bar" }, el("div", { class: "box" }, scaleLine, scaleText, coordinates), el("div", { class: "box credits" }, sources, sourcesButton));
  const stage = el("main", {}, mapElement, cross, work, toolbar, bar, message, info);
  host.replaceChildren(panel, stage);

  const saved = readPermalink();
  const city = new CityMap(mapElement, scaleLine, project);
  const tree = new LayerTree(panes.layers, project, saved.layers);
  const infoPanel = new InfoPanel(info, city, project);
  const list = new FeatureList(panes.list, city, project);
  let current: keyof typeof tabs = "layers";

  const say = (text: string) => {
    message.textContent = text;
    window.setTimeout(() => { if (message.textContent === text) message.textContent = ""; }, 4000);
  };
  const remember = () => {
    const middle = city.view.getCenter();
    if (middle) writePermalink({ x: middle[0], y: middle[1], resolution: city.view.getResolution() ?? 1 }, tree.shown());
  };
  const showLayers = () => {
    city.show(tree.shown());
    const names = new Set(tree.shown());
    const credits = new Set(layersOf(project.tree).filter((layer) => names.has(layer.name) && layer.attribution).map((layer) => layer.attribution as string));
    sources.textContent = [...credits].join(" · ");
    sourcesButton.parentElement?.toggleAttribute("hidden", credits.size === 0);
    remember();
  };
  const showScale = () => {
    scaleText.textContent = `${t("scale")} 1 : ${number(Number(city.scale().toPrecision(3)))}`;
    tree.updateScale(city.scale());
  };
  let pointed: number[] | undefined;
  const showPosition = (at = pointed) => {
    pointed = at;
    if (at) coordinates.textContent = city.projection.getUnits() === "degrees" ? `${at[1].toFixed(5)}° ${at[0].toFixed(5)}°` : `${number(Math.round(at[0]))} ${number(Math.round(at[1]))}`;
  };
  const choose = (name: keyof typeof tabs, focus = false) => {
    current = name;
    for (const key of Object.keys(tabs) as (keyof typeof tabs)[]) {
      tabs[key].setAttribute("aria-selected", String(key === name));
      tabs[key].tabIndex = key === name ? 0 : -1;
      panes[key].hidden = key !== name;
    }
    list.active = name === "list";
    if (list.active) void list.update();
    if (focus) tabs[name].focus();
  };
  const about = () => {
    panes.about.replaceChildren(project.abstract ? el("p", {}, project.abstract) : "", el("h2", {}, t("services")),
      el("ul", { class: "links" },
        el("li", {}, el("a", { href: `${project.ogcapi}?f=html&lang=${currentLanguage()}` }, t("download"))),
        el("li", {}, el("a", { href: `${project.ows}?SERVICE=WMS&REQUEST=GetCapabilities` }, "WMS")),
        el("li", {}, el("a", { href: `${project.ows}?SERVICE=WFS&REQUEST=GetCapabilities` }, "WFS"))),
      el("p", { class: "note" }, `${project.crsName} (${project.crs})`));
  };
  const showVisitor = () => {
    visitor.hidden = project.visitor === undefined && !project.login;
    if (project.visitor !== undefined)
      visitor.replaceChildren(el("span", {}, t("loggedIn", project.visitor)), el("button", { type: "button", class: "plain", onclick: () => logOut(() => location.reload()) }, t("logOut")));
    else if (project.login) visitor.replaceChildren(el("a", { href: project.login, rel: "nofollow" }, t("logIn")));
  };
  const label = (button: HTMLElement, text: string) => {
    button.setAttribute("aria-label", text);
    button.title = text;
  };
  const relabel = () => {
    title.textContent = project.title;
    document.title = `${project.title} · ${t("map")}`;
    mapElement.setAttribute("aria-label", t("mapHelp"));
    toolbar.setAttribute("aria-label", t("map"));
    info.setAttribute("aria-label", t("info"));
    panel.setAttribute("aria-label", t("layers"));
    label(zoomIn, t("zoomIn"));
    label(zoomOut, t("zoomOut"));
    label(home, t("wholeMap"));
    label(share, t("permalink"));
    label(sourcesButton, t("sources"));
    label(panelButton, t(panel.hidden ? "showPanel" : "hidePanel"));
    languageButton.textContent = t("language");
    languageButton.lang = currentLanguage() === "de" ? "en" : "de";
    tabs.layers.textContent = t("layers");
    tabs.list.textContent = t("list");
    tabs.about.textContent = t("about");
    tree.render();
    list.render();
    about();
    showVisitor();
    infoPanel.retell();
    showScale();
    showPosition();
  };

  tree.onChange = showLayers;
  tree.onZoom = async (layer) => {
    const { extent, dense } = await placeOf(layer);
    if (extent) city.fitLayer(extent, dense, layer.minScale);
  };
  list.onChoose = (layer, feature) => {
    infoPanel.present({ id: `${layer.name}.${feature.id}`, layer: layer.name, geometry: feature.geometry, properties: feature.properties });
    const phone = matchMedia("(max-width: 700px)").matches;
    if (phone) {
      // Room for the map and what is told of the feature.
      setPanel(false);
      info.querySelector("h2")?.focus();
    }
    const extent = city.marked();
    if (extent) city.fit(extent, false, phone ? stage.clientHeight * 0.55 + 24 : 24);
  };
  city.onError = () => say(t("mapFailed"));
  city.onWork = (busy) => {
    work.hidden = !busy;
    const words = work.lastElementChild as HTMLElement;
    words.textContent = busy ? t("drawing") : "";
    // The first picture is waited for before an empty map; later the old one stays until the new one comes.
    if (!busy) words.className = "sr";
  };
  sourcesButton.addEventListener("click", () => sourcesButton.setAttribute("aria-expanded", String(bar.classList.toggle("open"))));
  for (const [name, button] of Object.entries(tabs)) button.addEventListener("click", () => choose(name as keyof typeof tabs));
  tablist.addEventListener("keydown", (event) => {
    const order: (keyof typeof tabs)[] = ["layers", "list", "about"];
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) choose(order[(order.indexOf(current) + step + order.length) % order.length], true);
  });
  const setPanel = (open: boolean) => {
    panel.hidden = !open;
    panelButton.setAttribute("aria-expanded", String(open));
    label(panelButton, t(open ? "hidePanel" : "showPanel"));
    city.map.updateSize();
  };
  panelButton.addEventListener("click", () => setPanel(panel.hidden));
  const zoom = (factor: number) => city.view.animate({ resolution: (city.view.getResolution() ?? 1) * factor, duration: 150 });
  zoomIn.addEventListener("click", () => zoom(0.5));
  zoomOut.addEventListener("click", () => zoom(2));
  home.addEventListener("click", () => city.fit(project.extent, true));
  share.addEventListener("click", () => {
    remember();
    void navigator.clipboard?.writeText(location.href).then(() => say(t("copied")), () => say(location.href));
  });
  languageButton.addEventListener("click", () => {
    const next: Language = currentLanguage() === "de" ? "en" : "de";
    // Titles, labels and values are the service's: all changes at once when they have come.
    void loadProject(source, next).then((told) => {
      Object.assign(project, told);
      setLanguage(next);
      const address = new URL(location.href);
      address.searchParams.set("lang", next);
      history.replaceState(null, "", address);
      relabel();
    }, () => say(t("failed")));
  });
  mapElement.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void infoPanel.ask(city.view.getCenter() as number[], tree.shown(), true);
  });
  city.map.on("singleclick", (event) => {
    // On a phone the panel covers the lower half: the place asked for moves above it.
    if (matchMedia("(max-width: 700px)").matches) city.view.animate({ center: [event.coordinate[0], event.coordinate[1] - 0.25 * stage.clientHeight * (city.view.getResolution() ?? 1)], duration: 200 });
    void infoPanel.ask(event.coordinate, tree.shown(), false);
  });
  city.map.on("pointermove", (event) => showPosition(event.coordinate));
  city.map.on("moveend", () => {
    const middle = city.view.getCenter();
    if (middle && matchMedia("(hover: none)").matches) showPosition(middle);
    showScale();
    remember();
    void list.update();
  });

  choose("layers");
  relabel();
  showLayers();
  if (matchMedia("(max-width: 700px)").matches) setPanel(false);
  city.fit(project.extent);
  if (saved.place) {
    city.view.setCenter([saved.place.x, saved.place.y]);
    city.view.setResolution(saved.place.resolution);
  }
  document.body.dataset.ready = "true";
}

loadProject(source, currentLanguage()).then(start, () => {
  host.replaceChildren(el("p", { class: "broken", role: "alert" }, t("failed")));
});
