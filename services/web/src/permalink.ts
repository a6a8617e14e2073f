// SPDX-License-Identifier: GPL-2.0-or-later
// The view in the address: #map=x,y,scale&layers=a,b

export interface Place {
  x: number;
  y: number;
  resolution: number;
}

export function readPermalink(): { place?: Place; layers?: string[] } {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const numbers = (parameters.get("map") ?? "").split(",").map(Number);
  const place = numbers.length === 3 && numbers.every(Number.isFinite) && numbers[2] > 0 ? { x: numbers[0], y: numbers[1], resolution: numbers[2] } : undefined;
  const layers = parameters.has("layers") ? (parameters.get("layers") ?? "").split(",").filter((name) => name !== "") : undefined;
  return { place, layers };
}

export function writePermalink(place: Place, layers: string[]): void {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  const digits = place.resolution < 0.01 ? 6 : 1;
  const hash = `#map=${round(place.x, digits)},${round(place.y, digits)},${round(place.resolution, digits + 2)}&layers=${layers.map(encodeURIComponent).join(",")}`;
  history.replaceState(null, "", hash);
}
