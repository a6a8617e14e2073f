// SPDX-License-Identifier: GPL-2.0-or-later
// The features in view as a list: the map's content for those who cannot or do not want to point at it.

import type { CityMap } from "./map";
import { el, icon } from "./dom";
import { layersOf, type LayerNode, type Project } from "./project";
import { currentLanguage, number, t } from "./texts";

interface Feature {
  id: number | string;
  geometry: unknown;
  properties: Record<string, unknown>;
}

const most = 200;

export class FeatureList {
  onChoose: (layer: LayerNode, feature: Feature) => void = () => undefined;
  private chosen: string | undefined;
  private words = "";
  private features: Feature[] = [];
  private matched = 0;
  private request = 0;
  private results: HTMLElement = el("div");
  private status: HTMLElement = el("p");
  active = false;

  constructor(private readonly host: HTMLElement, private readonly city: CityMap, private readonly project: Project) {}

  private layers(): LayerNode[] {
    return layersOf(this.project.tree).filter((layer) => layer.collection);
  }

  render(): void {
    const layers = this.layers();
    if (layers.length === 0) {
      this.host.replaceChildren(el("p", { class: "note" }, t("noneFound")));
      return;
    }
    this.chosen ??= (layers.find((layer) => layer.visible) ?? layers[0]).name;
    const select = el("select", { id: "list-layer" }, ...layers.map((layer) => el("option", { value: layer.name, selected: layer.name === this.chosen }, layer.title)));
    select.addEventListener("change", () => {
      this.chosen = select.value;
      void this.update();
    });
    const filter = el("input", { id: "list-filter", type: "search", value: this.words, placeholder: t("filterHint"), autocomplete: "off" });
    filter.addEventListener("input", () => {
      this.words = filter.value;
      this.fill();
    });
    this.status = el("p", { class: "note", role: "status" });
    this.results = el("ul", { class: "results" });
    this.host.replaceChildren(el("p", { class: "note" }, t("listIntro")),
      el("div", { class: "field" }, el("label", { for: "list-layer" }, t("layer")), select),
      el("div", { class: "field" }, el("label", { for: "list-filter" }, t("filter")), filter), this.status, this.results);
    if (this.active) void this.update();
  }

  /** Reads the features of the part of the map that is seen. */
  async update(): Promise<void> {
    const layer = this.layers().find((one) => one.name === this.chosen);
    if (!this.active || !layer?.collection) return;
    const mine = ++this.request;
    this.status.textContent = t("loading");
    const crs = encodeURIComponent(this.project.crsUri);
    try {
      const response = await fetch(`${this.project.ogcapi}/collections/${encodeURIComponent(layer.collection)}/items?f=json&limit=${most}&bbox=${this.city.extent().join(",")}&bbox-crs=${crs}&crs=${crs}`);
      if (!response.ok) throw new Error(`${response.status}`);
      const answer = (await response.json()) as { features: Feature[]; numberMatched: number };
      if (mine !== this.request) return;
      this.features = answer.features;
      this.matched = answer.numberMatched;
      this.fill();
    } catch {
      if (mine === this.request) this.status.textContent = t("failed");
    }
  }

  private fill(): void {
    const layer = this.layers().find((one) => one.name === this.chosen);
    if (!layer) return;
    const words = this.words.toLowerCase();
    const found = this.features.filter((feature) => words === "" || Object.values(feature.properties).some((value) => String(value ?? "").toLowerCase().includes(words)));
    this.status.textContent = this.matched === 0 ? t("noneFound") : t("found", number(found.length), number(this.matched));
    this.results.replaceChildren(...found.map((feature) => el("li", {}, el("button", { type: "button", onclick: () => this.onChoose(layer, feature) }, icon("target"), el("span", {}, this.nameOf(layer, feature))))),
      el("li", { class: "more" }, el("a", { href: `${this.project.ogcapi}/collections/${encodeURIComponent(layer.collection ?? "")}/items?f=html&lang=${currentLanguage()}` }, t("asTable"))));
  }

  private nameOf(layer: LayerNode, feature: Feature): string {
    const value = layer.displayField ? feature.properties[layer.displayField] : undefined;
    const label = layer.displayField ? layer.codes?.[layer.displayField]?.[String(value)] : undefined;
    return `${label ?? value ?? layer.title}${value === undefined || value === null ? ` ${feature.id}` : ""}`;
  }
}
