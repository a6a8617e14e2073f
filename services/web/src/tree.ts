// SPDX-License-Identifier: GPL-2.0-or-later
// The layer tree with switches and legends.

import { el, icon } from "./dom";
import { layersOf, type GroupNode, type LayerNode, type Project, type TreeNode } from "./project";
import { t, wmsLanguage } from "./texts";

export class LayerTree {
  readonly visible: Set<string>;
  onChange: () => void = () => undefined;
  onZoom: (layer: LayerNode) => void | Promise<void> = () => undefined;
  private readonly rows = new Map<string, { item: HTMLElement; note: HTMLElement }>();
  private readonly openLegends = new Set<string>();

  constructor(private readonly host: HTMLElement, private readonly project: Project, visible?: string[]) {
    const known = layersOf(project.tree);
    this.visible = new Set(visible ? visible.filter((name) => known.some((layer) => layer.name === name)) : known.filter((layer) => layer.visible).map((layer) => layer.name));
  }

  /** Names of the visible layers, bottom first as WMS wants them. */
  shown(): string[] {
    return layersOf(this.project.tree).filter((layer) => this.visible.has(layer.name)).map((layer) => layer.name).reverse();
  }

  render(): void {
    this.rows.clear();
    this.host.replaceChildren(this.list(this.project.tree, false, ""));
  }

  /** Greys out what the scale hides. */
  updateScale(scale: number): void {
    for (const layer of layersOf(this.project.tree)) {
      const row = this.rows.get(layer.name);
      if (!row) continue;
      const hidden = (layer.minScale > 0 && scale > layer.minScale) || (layer.maxScale > 0 && scale < layer.maxScale);
      row.item.classList.toggle("out-of-scale", hidden);
      row.note.textContent = hidden ? t("outOfScale") : "";
    }
  }

  private list(nodes: TreeNode[], exclusive: boolean, groupName: string): HTMLUListElement {
    return el("ul", {}, ...nodes.map((node) => (node.type === "group" ? this.group(node) : this.layer(node, exclusive, groupName))));
  }

  private group(node: GroupNode): HTMLElement {
    return el("li", { class: "group" }, el("details", { open: true }, el("summary", {}, icon("chevron"), node.title), this.list(node.children, node.exclusive, node.title)));
  }

  private layer(node: LayerNode, exclusive: boolean, groupName: string): HTMLElement {
    const box = el("input", { type: exclusive ? "radio" : "checkbox", name: exclusive ? `group-${groupName}` : undefined, checked: this.visible.has(node.name) });
    box.addEventListener("change", () => {
      if (exclusive) for (const other of this.siblings(node)) this.visible.delete(other.name);
      if (box.checked) this.visible.add(node.name);
      else this.visible.delete(node.name);
      this.onChange();
    });
    const note = el("span", { class: "note" });
    const legend = el("div", { class: "legend", id: `legend-${this.rows.size}` });
    const toggle = el("button", { type: "button", class: "quiet", "aria-label": `${t("legend")}: ${node.title}`, title: t("legend"), "aria-controls": legend.id }, icon("legend"));
    const fill = () => {
      const open = this.openLegends.has(node.name);
      toggle.setAttribute("aria-expanded", String(open));
      legend.hidden = !open;
      if (open && legend.children.length === 0) {
        const url = `${this.project.ows}?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=${encodeURIComponent(node.name)}&FORMAT=image/png&TRANSPARENT=TRUE&LAYERTITLE=FALSE&LANGUAGE=${wmsLanguage()}`;
        const image = el("img", { src: url, alt: `${t("legend")}: ${node.title}` });
        // All legends in about one size, a little smaller than the panel's text; what is still too wide can be scrolled.
        image.addEventListener("load", () => { image.width = Math.round(Math.max(image.naturalWidth * 0.65, Math.min(image.naturalWidth * 0.82, legend.clientWidth))); });
        legend.append(image);
      }
    };
    toggle.addEventListener("click", () => {
      if (!this.openLegends.delete(node.name)) this.openLegends.add(node.name);
      fill();
    });
    fill();
    const zoom = el("button", { type: "button", class: "quiet", "aria-label": `${t("zoomToLayer")}: ${node.title}`, title: t("zoomToLayer"), onclick: () => this.onZoom(node) }, icon("target"));
    const item = el("li", { class: "layer" }, el("div", { class: "row" }, el("label", { title: node.abstract ?? "" }, box, el("span", {}, node.title)), el("span", { class: "buttons" }, toggle, node.extent ? zoom : null)), note, legend);
    this.rows.set(node.name, { item, note });
    return item;
  }

  private siblings(node: LayerNode): LayerNode[] {
    const search = (nodes: TreeNode[]): LayerNode[] => (nodes.includes(node) ? layersOf(nodes) : nodes.flatMap((child) => (child.type === "group" ? search(child.children) : [])));
    return search(this.project.tree);
  }
}
