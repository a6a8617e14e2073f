// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/findings.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

namespace stadtgdi::cli {

namespace {

using base::Finding;
using base::Language;
using base::Severity;

constexpr std::size_t shown_findings = 20;

std::string severity_text(Severity severity, Language language)
{
    const bool german = language == Language::de;
    switch (severity) {
    case Severity::error: return german ? "Fehler" : "error";
    case Severity::warning: return german ? "Warnung" : "warning";
    case Severity::info: break;
    }
    return german ? "Hinweis" : "info";
}

std::string csv_cell(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string number_text(const std::optional<double>& number)
{
    return number ? Json(*number).dump() : "";   // shortest text that reads back, whatever the locale
}

}  // namespace

Json to_json(const Finding& finding, Language language)
{
    Json json = {{"rule", finding.rule}, {"severity", std::string(base::name_of(finding.severity))}};
    const auto add = [&](const char* name, const std::string& text) {
        if (!text.empty())
            json[name] = text;
    };
    add("file", finding.file);
    add("layer", finding.layer);
    if (finding.row >= 0)
        json["row"] = finding.row + 1;
    add("uuid", finding.uuid);
    add("field", finding.field);
    add("value", finding.value);
    add("message", finding.message.in(language));
    if (finding.x && finding.y) {
        json["x"] = *finding.x;
        json["y"] = *finding.y;
    }
    return json;
}

Json to_json(const std::vector<Finding>& findings, Language language)
{
    Json list = Json::array();
    for (const Finding& finding : findings)
        list.push_back(to_json(finding, language));
    return list;
}

/// One line of at most 60 bytes, cut between characters.
std::string on_one_line(std::string text)
{
    std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
    constexpr std::size_t longest = 60;
    if (text.size() <= longest)
        return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end) + " ...";
}

std::string line_of(const Finding& finding, Language language)
{
    std::string line = severity_text(finding.severity, language);
    if (!finding.rule.empty())
        line += "  " + finding.rule;
    std::string place = finding.layer;
    const auto add = [&](const std::string& text) {
        if (!text.empty())
            place += (place.empty() ? "" : ", ") + text;
    };
    add(finding.file);
    if (finding.row >= 0)
        add((language == Language::de ? "Zeile " : "row ") + std::to_string(finding.row + 1));
    if (!finding.field.empty())
        add(finding.field + (finding.value.empty() ? "" : " = " + on_one_line(finding.value)));
    return line + "  " + place + ": " + finding.message.in(language);
}

void print_findings(const std::vector<Finding>& findings, const Call& call)
{
    if (findings.empty())
        return;
    // Errors first; within them the order in which they came.
    std::vector<const Finding*> order;
    for (const Finding& finding : findings)
        order.push_back(&finding);
    std::stable_sort(order.begin(), order.end(), [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
    for (std::size_t i = 0; i < std::min(order.size(), shown_findings); ++i)
        std::cerr << line_of(*order[i], call.language) << "\n";
    if (order.size() <= shown_findings)
        return;
    std::map<std::pair<std::string, std::string>, std::int64_t> rest;
    for (std::size_t i = shown_findings; i < order.size(); ++i)
        ++rest[{order[i]->rule, severity_text(order[i]->severity, call.language)}];
    std::cerr << call.text({"... and more:", "... und weitere:"});
    for (const auto& [kind, count] : rest)
        std::cerr << "  " << kind.first << " (" << kind.second << ") " << grouped(count, call.language == Language::de);
    std::cerr << "\n" << call.text({"All of them: --findings FILE.csv", "Alle: --findings DATEI.csv"}) << "\n";
}

void require_writable_findings(const std::string& path)
{
    if (path.empty())
        return;
    std::error_code error;
    const bool there = std::filesystem::exists(path, error);
    const bool fine = std::ofstream(path, std::ios::binary | std::ios::app).good();
    if (fine && !there)
        std::filesystem::remove(path, error);
    if (!fine)
        throw Error(ErrorKind::io, base::filled({"--findings: '{0}' cannot be written; nothing was done.", "--findings: '{0}' lässt sich nicht schreiben; nichts ist geschehen."}, path));
}

void write_findings(const std::vector<Finding>& findings, const std::string& path, Language language)
{
    std::ofstream file(path, std::ios::binary);
    if (path.ends_with(".json")) {
        file << dumped(to_json(findings, language)) << "\n";
    } else {
        file << "rule,severity,file,layer,row,uuid,field,value,message,x,y\r\n";
        for (const Finding& f : findings)
            file << csv_cell(f.rule) << ',' << base::name_of(f.severity) << ',' << csv_cell(f.file) << ',' << csv_cell(f.layer) << ','
                 << (f.row >= 0 ? std::to_string(f.row + 1) : "") << ',' << csv_cell(f.uuid) << ',' << csv_cell(f.field) << ',' << csv_cell(f.value) << ','
                 << csv_cell(f.message.in(language)) << ',' << number_text(f.x) << ',' << number_text(f.y) << "\r\n";
    }
    file.flush();
    if (!file)
        throw Error(ErrorKind::io, base::filled({"The findings could not be written to '{0}'.", "Die Befunde ließen sich nicht nach '{0}' schreiben."}, path));
}

std::int64_t count_errors(const std::vector<Finding>& findings)
{
    return std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
}

std::string findings_text(const std::vector<Finding>& findings, Language language)
{
    const bool german = language == Language::de;
    const auto all = static_cast<std::int64_t>(findings.size()), errors = count_errors(findings);
    if (german)
        return grouped(all, german) + (all == 1 ? " Befund (" : " Befunde (") + grouped(errors, german) + " Fehler)";
    return grouped(all, german) + (all == 1 ? " finding (" : " findings (") + grouped(errors, german) + (errors == 1 ? " error)" : " errors)");
}

std::string rows_text(std::int64_t rows, Language language)
{
    const bool german = language == Language::de;
    return grouped(rows, german) + (german ? (rows == 1 ? " Zeile" : " Zeilen") : (rows == 1 ? " row" : " rows"));
}

}  // namespace stadtgdi::cli
