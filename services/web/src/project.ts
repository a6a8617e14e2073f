// SPDX-License-Identifier: GPL-2.0-or-later
// What the server says of a project (services/web/project_json.cpp writes it).

import type { Language } from "./texts";

export interface LayerNode {
  type: "layer";
  name: string;
  title: string;
  abstract?: string;
  /** With its © sign. */
  attribution?: string;
  visible: boolean;
  queryable: boolean;
  /** Denominators between which the layer is shown; 0: no limit. */
  minScale: number;
  maxScale: number;
  /** [minx, miny, maxx, maxy] in the map's CRS. */
  extent?: number[];
  /** Id of the OGC API collection, where there is one. */
  collection?: string;
  /** Property that names a feature, and the labels of all properties. */
  displayField?: string;
  labels?: Record<string, string>;
  units?: Record<string, string>;
  /** Properties that are read only where asked for: identifiers and who captured the feature. */
  folded?: string[];
  codes?: Record<string, Record<string, string>>;
}

export interface GroupNode {
  type: "group";
  title: string;
  exclusive: boolean;
  children: TreeNode[];
}

export type TreeNode = LayerNode | GroupNode;

export interface Project {
  id: string;
  title: string;
  abstract: string;
  /** "EPSG:25833": CRS of view, extents and requests. */
  crs: string;
  crsName: string;
  crsUri: string;
  extent: number[];
  tree: TreeNode[];
  /** URLs relative to the page. */
  ows: string;
  ogcapi: string;
  /** Where to give a key; missing where there are none, or one was given. */
  login?: string;
  /** Name of the key that was given. */
  visitor?: string;
}

export function layersOf(nodes: TreeNode[]): LayerNode[] {
  return nodes.flatMap((node) => (node.type === "layer" ? [node] : layersOf(node.children)));
}

/** Where most of a layer lies, in the map's CRS, and its densest part; its whole extent where the service does not say. */
export async function placeOf(layer: LayerNode): Promise<{ extent?: number[]; dense?: number[] }> {
  try {
    const response = await fetch(`map/extent.json?layer=${encodeURIComponent(layer.name)}`);
    const place = response.ok ? ((await response.json()) as { extent: number[] | null; dense: number[] | null }) : null;
    return { extent: place?.extent ?? layer.extent, dense: place?.dense ?? undefined };
  } catch {
    return { extent: layer.extent };
  }
}

/** Browsers keep a key until something takes its place: here the empty password, which counts as none. */
export function logOut(done: () => void): void {
  const request = new XMLHttpRequest();
  request.open("GET", "logout", true, "logout", "");
  request.addEventListener("loadend", done);
  request.send();
}

/** Its texts in a language. */
export async function loadProject(url: string, language: Language): Promise<Project> {
  const response = await fetch(`${url}?lang=${language}`, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as Project;
}
