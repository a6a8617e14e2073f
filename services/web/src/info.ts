// SPDX-License-Identifier: GPL-2.0-or-later
// What lies at a place: GetFeatureInfo as a panel.

import type { CityMap } from "./map";
import { el, icon } from "./dom";
import { layersOf, type LayerNode, type Project } from "./project";
import { currentLanguage, date, dateTime, number, t, wmsLanguage } from "./texts";

interface Hit {
  id: string;
  layer?: string;
  geometry: unknown;
  properties: Record<string, unknown>;
}

export class InfoPanel {
  private request = 0;
  private hits: Hit[] | undefined;
  private opened = 0;
  private crs: string | undefined;
  private url: string | undefined;
  private returnFocus: HTMLElement | null = null;

  constructor(private readonly host: HTMLElement, private readonly city: CityMap, private readonly project: Project) {
    host.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  async ask(coordinate: number[], visible: string[], focus: boolean): Promise<void> {
    const queryable = new Set(layersOf(this.project.tree).filter((layer) => layer.queryable).map((layer) => layer.name));
    const names = visible.filter((name) => queryable.has(name));
    this.url = names.length > 0 ? this.city.infoUrl(coordinate, names) : undefined;
    this.opened = 0;
    if (!this.host.contains(document.activeElement)) this.returnFocus = document.activeElement as HTMLElement | null;
    await this.load(focus);
  }

  /** Tells the same in the language that was chosen now: the service has labelled the values. */
  retell(): void {
    if (this.hits && this.url) void this.load(false);
    else this.render();
  }

  private async load(focus: boolean): Promise<void> {
    const mine = ++this.request;
    this.show(el("p", { class: "note" }, t("loading")), focus);
    try {
      let hits: Hit[] = [];
      if (this.url) {
        const response = await fetch(`${this.url}&LANGUAGE=${wmsLanguage()}`);
        if (!response.ok) throw new Error(`${response.status}`);
        hits = ((await response.json()) as { features: Hit[] }).features.map((hit) => this.byName(hit));
      }
      if (mine !== this.request) return;
      this.hits = hits;
      this.crs = "EPSG:4326";   // GetFeatureInfo gives GeoJSON as RFC 7946 has it
      this.render();
    } catch {
      if (mine === this.request) this.show(el("p", { role: "alert" }, t("failed")), false);
    }
  }

  /** Shows one feature of the list. */
  present(hit: Hit): void {
    ++this.request;
    this.hits = [hit];
    this.url = undefined;
    this.crs = undefined;
    this.opened = 0;
    this.render();
  }

  render(): void {
    if (!this.hits) return;
    if (this.hits.length === 0) {
      this.city.clearMarks();
      this.show(el("p", { class: "note" }, t("nothingHere")), false);
      return;
    }
    const list = el("div", { class: "hits" });
    if (this.hits.length > 1) list.append(el("p", { class: "note" }, t("places", this.hits.length)));
    const sections: HTMLDetailsElement[] = [];
    this.hits.forEach((hit, place) => {
      const layer = this.layerOf(hit);
      const title = titleOf(hit, layer);
      const heading = [el("h3", {}, title), layer && layer.title !== title ? el("span", { class: "note" }, layer.title) : null];
      if (this.hits?.length === 1) {
        list.append(el("section", {}, ...heading, ...this.content(hit, layer)));
        return;
      }
      const section = el("details", { open: place === this.opened }, el("summary", {}, icon("chevron"), el("span", {}, ...heading)), ...this.content(hit, layer));
      // One is open and marked at a time: what is read is what the map shows.
      section.addEventListener("toggle", () => {
        if (!section.open) return;
        for (const other of sections) if (other !== section) other.open = false;
        this.opened = place;
        this.mark();
      });
      sections.push(section);
      list.append(section);
    });
    this.mark();
    this.show(list, false);
  }

  /** GetFeatureInfo writes labels where OGC API Features writes names. */
  private byName(hit: Hit): Hit {
    const layer = this.layerOf(hit);
    const names = new Map(Object.entries(layer?.labels ?? {}).map(([name, label]) => [layer?.units?.[name] ? `${label} [${layer.units[name]}]` : label, name]));
    return { ...hit, properties: Object.fromEntries(Object.entries(hit.properties).map(([key, value]) => [names.get(key) ?? key, value])) };
  }

  private layerOf(hit: Hit): LayerNode | undefined {
    const name = hit.layer ?? hit.id.slice(0, hit.id.lastIndexOf("."));
    return layersOf(this.project.tree).find((layer) => layer.name === name);
  }

  /** Marks the feature that is read. */
  private mark(): void {
    this.city.mark([this.hits?.[this.opened]?.geometry], this.crs);
  }

  private content(hit: Hit, layer: LayerNode | undefined): (HTMLElement | null)[] {
    const folded = new Set(layer?.folded);
    const rows = Object.entries(hit.properties).filter(([name, value]) => value !== null && value !== "" && name !== layer?.displayField);
    const facts = rows.filter(([name]) => !folded.has(name)), more = rows.filter(([name]) => folded.has(name));
    const table = (some: [string, unknown][]) => el("dl", {}, ...some.flatMap(([name, value]) => [el("dt", {}, layer?.labels?.[name] ?? name), el("dd", {}, shown(value, layer, name))]));
    return [facts.length > 0 ? table(facts) : el("p", { class: "note" }, t("noValue")),
      more.length > 0 ? el("details", { class: "more" }, el("summary", {}, icon("chevron"), t("more")), table(more)) : null,
      this.tableLink(hit, layer?.collection)];
  }

  close(): void {
    ++this.request;
    this.hits = undefined;
    this.host.hidden = true;
    this.city.clearMarks();
    this.returnFocus?.focus();
  }

  private tableLink(hit: Hit, collection: string | undefined): HTMLElement | null {
    if (!collection) return null;
    const fid = hit.id.slice(hit.id.lastIndexOf(".") + 1);
    return el("p", {}, el("a", { href: `${this.project.ogcapi}/collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(fid)}?lang=${currentLanguage()}` }, t("featurePage")));
  }

  private show(content: HTMLElement, focus: boolean): void {
    const close = el("button", { type: "button", class: "quiet", "aria-label": t("close"), onclick: () => this.close() }, icon("close"));
    const title = el("h2", { tabindex: "-1" }, t("info"));
    const inside = this.host.contains(document.activeElement);
    this.host.replaceChildren(el("div", { class: "head" }, title, close), el("div", { class: "body", "aria-live": "polite" }, content));
    this.host.hidden = false;
    if (focus || inside) title.focus();
  }
}

function titleOf(hit: Hit, layer: LayerNode | undefined): string {
  const value = layer?.displayField ? hit.properties[layer.displayField] : undefined;
  if (layer && hit.id === layer.name) return layer.title;  // the values of a raster belong to no feature
  return value === undefined || value === null || value === "" ? `${t("feature")} ${hit.id.slice(hit.id.lastIndexOf(".") + 1)}` : shown(value, layer, layer?.displayField ?? "");
}

function shown(value: unknown, layer: LayerNode | undefined, field: string): string {
  const label = layer?.codes?.[field]?.[String(value)];
  if (label) return label;
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") {
    const unit = layer?.units?.[field];
    // Years and numbers of things have four digits at most; identifiers are no amounts.
    const text = Number.isInteger(value) && (Math.abs(value) < 10000 || layer?.folded?.includes(field)) ? String(value) : number(value, 3);
    return unit ? `${text}\u00a0${unit}` : text;
  }
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return dateTime(new Date(text));
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return date(new Date(`${text}T00:00:00Z`));
  return text;
}
