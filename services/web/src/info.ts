// SPDX-License-Identifier: GPL-2.0-or-later
// What lies at a place: GetFeatureInfo as a panel.

import type { CityMap } from "./map";
import { el, icon } from "./dom";
import { layersOf, type Project } from "./project";
import { date, dateTime, number, t } from "./texts";

interface Hit {
  id: string;
  layer?: string;
  geometry: unknown;
  properties: Record<string, unknown>;
}

export class InfoPanel {
  private request = 0;
  private hits: Hit[] | undefined;
  private returnFocus: HTMLElement | null = null;

  constructor(private readonly host: HTMLElement, private readonly city: CityMap, private readonly project: Project) {
    host.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  async ask(coordinate: number[], visible: string[], focus: boolean): Promise<void> {
    const queryable = new Set(layersOf(this.project.tree).filter((layer) => layer.queryable).map((layer) => layer.name));
    const names = visible.filter((name) => queryable.has(name));
    const url = names.length > 0 ? this.city.infoUrl(coordinate, names) : undefined;
    const mine = ++this.request;
    if (!this.host.contains(document.activeElement)) this.returnFocus = document.activeElement as HTMLElement | null;
    this.show(el("p", { class: "note" }, t("loading")), focus);
    try {
      let hits: Hit[] = [];
      if (url) {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`${response.status}`);
        hits = ((await response.json()) as { features: Hit[] }).features;
      }
      if (mine !== this.request) return;
      this.hits = hits;
      this.city.mark(hits.map((hit) => hit.geometry), "EPSG:4326");   // GetFeatureInfo gives GeoJSON as RFC 7946 has it
      this.render();
    } catch {
      if (mine === this.request) this.show(el("p", { role: "alert" }, t("failed")), false);
    }
  }

  /** Shows one feature of the list. */
  present(hit: Hit): void {
    ++this.request;
    this.hits = [hit];
    this.render();
  }

  render(): void {
    if (!this.hits) return;
    if (this.hits.length === 0) {
      this.show(el("p", { class: "note" }, t("nothingHere")), false);
      return;
    }
    const titles = new Map(layersOf(this.project.tree).map((layer) => [layer.name, layer]));
    const list = el("div", { class: "hits" });
    for (const hit of this.hits) {
      const layer = titles.get(hit.layer ?? hit.id.slice(0, hit.id.lastIndexOf(".")));
      const rows = Object.entries(hit.properties).filter(([, value]) => value !== null && value !== "");
      list.append(el("section", {}, el("h3", {}, layer?.title ?? hit.id),
        rows.length === 0 ? el("p", { class: "note" }, t("noValue")) : el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, layer?.labels?.[name] ?? name), el("dd", {}, shown(value, layer?.codes?.[name]))])),
        this.tableLink(hit, layer?.collection)));
    }
    this.show(list, false);
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
    return el("p", {}, el("a", { href: `${this.project.ogcapi}/collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(fid)}` }, t("download")));
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

function shown(value: unknown, codes?: Record<string, string>): string {
  const label = codes?.[String(value)];
  if (label) return label;
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 10000 ? String(value) : number(value, 3);
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return dateTime(new Date(text));
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return date(new Date(`${text}T00:00:00Z`));
  return text;
}
