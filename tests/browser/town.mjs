// SPDX-License-Identifier: GPL-2.0-or-later
// A small demo city, served by the real command, and a browser that may talk to it alone.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const command = process.env.STADTGDI_COMMAND;
const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

function run(...args) {
  const result = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, QT_QPA_PLATFORM: "offscreen" } });
  if (result.status !== 0) throw new Error(`stadtgdi ${args.join(" ")}: ${result.status}\n${result.stdout}\n${result.stderr}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The key of the city's control room, which may see the utility lines. */
export const key = "a-key-of-the-control-room";

/** Makes the city and serves it; url ends with "/town". */
export async function startTown() {
  const folder = mkdtempSync(path.join(tmpdir(), "stadtgdi-browser-"));
  run("demo", "--inhabitants", "20000", "--seed", "7", "--out", folder, "--quiet");
  run("project", path.join(folder, "demo.gpkg"), "--language", "de", "--out", path.join(folder, "town.qgz"), "--quiet");
  const settings = path.join(folder, "settings.toml");
  writeFileSync(settings, `[access.roles.grid]\nclasses = ["kritis"]\n[[access.keys]]\nname = "Leitstelle"\nsha256 = "${createHash("sha256").update(key).digest("hex")}"\nroles = ["grid"]\n`);
  const port = await freePort();
  const server = spawn(command, ["serve", path.join(folder, "town.qgz"), "--settings", settings, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, QT_QPA_PLATFORM: "offscreen" } });
  let log = "";
  server.stdout.on("data", (text) => { log += text; });
  server.stderr.on("data", (text) => { log += text; });
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; ++tries) {
    const ready = await fetch(`${origin}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (tries > 300 || server.exitCode !== null) throw new Error(`the server does not answer:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    origin,
    url: `${origin}/town`,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: browserPath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page that notes every request to another host than those given, failed answers and errors of scripts. */
export async function openPage(browser, origins, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "de-DE", ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && ![origins].flat().some((origin) => request.url().startsWith(`${origin}/`))) trouble.push(`request to ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.url().endsWith("/favicon.ico")) trouble.push(`${response.status()} ${response.url()}`);
  });
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon") && !message.text().startsWith("Failed to load resource")) trouble.push(message.text());
  });
  return { page, trouble, context };
}
