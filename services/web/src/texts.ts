// SPDX-License-Identifier: GPL-2.0-or-later
// Every text of the map in both languages.

export type Language = "de" | "en";

const texts = {
  map: { de: "Karte", en: "Map" },
  mapHelp: {
    de: "Karte. Pfeiltasten verschieben, Plus und Minus ändern den Maßstab, Eingabe fragt die Kartenmitte ab.",
    en: "Map. Arrow keys move it, plus and minus change the scale, Enter asks what is at the centre.",
  },
  layers: { de: "Ebenen", en: "Layers" },
  list: { de: "Liste", en: "List" },
  legend: { de: "Legende", en: "Legend" },
  about: { de: "Über", en: "About" },
  showPanel: { de: "Seitenleiste zeigen", en: "Show side panel" },
  hidePanel: { de: "Seitenleiste verbergen", en: "Hide side panel" },
  zoomIn: { de: "Vergrößern", en: "Zoom in" },
  zoomOut: { de: "Verkleinern", en: "Zoom out" },
  wholeMap: { de: "Gesamte Karte zeigen", en: "Show the whole map" },
  zoomToLayer: { de: "Auf Ebene zoomen", en: "Zoom to layer" },
  outOfScale: { de: "In diesem Maßstab nicht sichtbar", en: "Not visible at this scale" },
  info: { de: "Objektinformation", en: "Feature information" },
  close: { de: "Schließen", en: "Close" },
  nothingHere: { de: "Hier liegt kein Objekt einer sichtbaren Ebene.", en: "No feature of a visible layer is here." },
  loading: { de: "Wird geladen …", en: "Loading …" },
  failed: { de: "Der Dienst hat nicht geantwortet.", en: "The service did not answer." },
  mapFailed: { de: "Das Kartenbild konnte nicht geladen werden.", en: "The map picture could not be loaded." },
  listIntro: {
    de: "Objekte einer Ebene im sichtbaren Kartenausschnitt, auch ohne Maus bedienbar.",
    en: "Features of one layer in the visible part of the map, usable without a mouse.",
  },
  layer: { de: "Ebene", en: "Layer" },
  filter: { de: "Filtern", en: "Filter" },
  filterHint: { de: "Teil eines Wertes", en: "Part of a value" },
  found: { de: "{0} von {1} Objekten im Ausschnitt", en: "{0} of {1} features in view" },
  noneFound: { de: "Keine Objekte im Ausschnitt.", en: "No features in view." },
  asTable: { de: "Alle als Tabelle", en: "All as a table" },
  zoomToFeature: { de: "Auf der Karte zeigen", en: "Show on the map" },
  permalink: { de: "Link zu dieser Ansicht kopieren", en: "Copy a link to this view" },
  copied: { de: "Link kopiert", en: "Link copied" },
  scale: { de: "Maßstab", en: "Scale" },
  source: { de: "Quelle", en: "Source" },
  services: { de: "Dienste", en: "Services" },
  download: { de: "Daten und Schnittstelle", en: "Data and interface" },
  language: { de: "English", en: "Deutsch" },
  featurePage: { de: "Seite dieses Objekts", en: "Page of this feature" },
  more: { de: "Mehr", en: "More" },
  yes: { de: "ja", en: "yes" },
  no: { de: "nein", en: "no" },
  sources: { de: "Quellen der Karte", en: "Sources of the map" },
  drawing: { de: "Karte wird gezeichnet …", en: "Drawing the map …" },
  places: { de: "{0} Objekte an dieser Stelle", en: "{0} features at this place" },
  feature: { de: "Objekt", en: "Feature" },
  logIn: { de: "Anmelden", en: "Log in" },
  logOut: { de: "Abmelden", en: "Log out" },
  loggedIn: { de: "Angemeldet: {0}", en: "Logged in: {0}" },
  noValue: { de: "keine Angabe", en: "no value" },
} as const;

export type TextKey = keyof typeof texts;

let language: Language = "de";

export function setLanguage(next: Language): void {
  language = next;
  document.documentElement.lang = next;
}

export function currentLanguage(): Language {
  return language;
}

/** As LANGUAGE of WMS names it. */
export function wmsLanguage(): string {
  return language === "de" ? "ger" : "eng";
}

export function t(key: TextKey, ...values: (string | number)[]): string {
  return values.reduce<string>((text, value, i) => text.replace(`{${i}}`, String(value)), texts[key][language]);
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString(language === "de" ? "de-DE" : "en-GB", { maximumFractionDigits: digits });
}

const locale = () => (language === "de" ? "de-DE" : "en-GB");

export function date(day: Date): string {
  return day.toLocaleDateString(locale(), { dateStyle: "medium", timeZone: "UTC" });
}

export function dateTime(moment: Date): string {
  return moment.toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}
