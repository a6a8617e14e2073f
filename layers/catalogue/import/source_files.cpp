// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/source_files.hpp>
#include <layers/io/database.hpp>
#include <layers/io/source.hpp>
#include <algorithm>
#include <array>

namespace stadtgdi::catalogue::detail {

namespace fs = std::filesystem;
using base::Finding;
using base::Severity;

namespace {

Finding about(const std::string& file, Severity severity, std::string rule, base::Text message)
{
    Finding finding;
    finding.rule = std::move(rule);
    finding.severity = severity;
    finding.file = file;
    finding.message = std::move(message);
    return finding;
}

bool is_folder(const std::string& path)
{
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

// Files that belong to another one: read with it, or made by who has it open.
bool goes_with(const fs::path& file, const fs::path& main)
{
    static constexpr std::array beside{".dbf", ".shx", ".prj", ".cpg", ".qpj", ".qmd", ".qix", ".sbn", ".sbx", ".xml", ".gfs", ".xsd"};
    const std::string name = file.string();
    if (name == main.string() + "-wal" || name == main.string() + "-shm" || name == main.string() + "-journal")
        return true;
    fs::path stem = file;
    stem.replace_extension();
    const bool known = std::ranges::find(beside, file.extension().string()) != beside.end();
    fs::path main_stem = main;
    main_stem.replace_extension();
    return known && (stem == main_stem || stem == main);
}

std::string patterns_of(const Mapping& mapping)
{
    std::string all;
    for (const SourceRule& rule : mapping.sources)
        if (!rule.files.empty())
            all += (all.empty() ? "" : ", ") + rule.files;
    return all.empty() ? "*" : all;
}

}  // namespace

std::string shown_name(const std::string& source)
{
    if (io::is_postgis(source))
        return io::shown_path(source);
    const fs::path path(source);
    return (path.has_filename() ? path : path.parent_path()).filename().string();
}

SourceFiles::SourceFiles(const std::vector<std::string>& sources) : m_sources(sources)
{
    for (const std::string& source : sources) {
        if (!is_folder(source)) {
            for (const std::string& file : io::files_of(source))
                m_files.push_back({.path = file, .folder = {}, .layers = {}});
            continue;
        }
        std::vector<std::string> inside;
        for (const auto& entry : fs::directory_iterator(source))
            if (entry.is_regular_file())
                inside.push_back(entry.path().string());
        std::ranges::sort(inside);
        for (const std::string& file : inside)
            m_files.push_back({.path = file, .folder = source, .layers = {}});
    }
    // A file that was named twice, alone and with its folder, is one.
    std::set<std::string> known;
    std::erase_if(m_files, [&](const File& file) {
        std::error_code failed;
        const fs::path place = fs::weakly_canonical(file.path, failed);
        return !known.insert(failed ? file.path : place.string()).second;
    });
    for (File& file : m_files) {
        std::error_code failed;
        file.empty = fs::is_regular_file(file.path, failed) && fs::file_size(file.path, failed) == 0 && !failed;
    }
}

std::vector<std::string> SourceFiles::take(const SourceRule& rule, std::vector<Finding>& findings)
{
    // Without a pattern of the mapping a folder is read as everywhere else: files of one kind.
    std::set<std::string> of_folders;
    if (rule.files.empty())
        for (const std::string& source : m_sources)
            if (is_folder(source))
                of_folders.merge([&] {
                    const auto list = io::files_of(source);
                    return std::set<std::string>(list.begin(), list.end());
                }());
    std::vector<std::string> taken;
    for (File& file : m_files) {
        const bool fits = !rule.files.empty() ? matches(rule.files, shown_name(file.path)) : file.folder.empty() || of_folders.contains(file.path);
        if (!fits)
            continue;
        if (file.empty) {
            if (!file.read)
                findings.push_back(about(shown_name(file.path), Severity::error, "import.empty", {"The file is empty (0 bytes); nothing is read from it.", "Die Datei ist leer (0 Byte); aus ihr wird nichts gelesen."}));
            file.read = true;
            continue;
        }
        file.read = true;
        if (!rule.layer.empty())
            file.layers.insert(rule.layer);
        taken.push_back(file.path);
    }
    if (!rule.files.empty())
        std::ranges::sort(taken);
    return taken;
}

std::string SourceFiles::take_joined(const JoinRule& rule)
{
    for (File& file : m_files)
        if (matches(rule.files, shown_name(file.path))) {
            file.read = true;
            return file.path;
        }
    for (const std::string& source : m_sources) {
        if (is_folder(source) || io::is_postgis(source))
            continue;
        const fs::path folder = fs::path(source).has_parent_path() ? fs::path(source).parent_path() : fs::path(".");
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored))
            if (matches(rule.files, entry.path().filename().string()))
                return entry.path().string();
    }
    return {};
}

std::int64_t SourceFiles::count_read() const
{
    return std::ranges::count_if(m_files, [](const File& file) { return file.read && !file.empty; });
}

void SourceFiles::report_unread(const Mapping& mapping, std::vector<Finding>& findings) const
{
    std::map<std::string, std::vector<std::string>> of_folder;
    for (const File& file : m_files) {
        if (file.read) {
            report_unread_layers(file, findings);
            continue;
        }
        if (std::ranges::any_of(m_files, [&](const File& main) { return main.read && goes_with(file.path, main.path); }))
            continue;
        if (file.folder.empty())
            findings.push_back(about(shown_name(file.path), Severity::error, "import.source",
                                     base::filled({"The mapping '{0}' does not read this file; it reads {1}. Nothing of it is in the city.",
                                                   "Die Importabbildung „{0}“ liest diese Datei nicht; sie liest {1}. Nichts aus ihr ist in der Stadt."},
                                                  mapping.info.name, patterns_of(mapping))));
        else
            of_folder[file.folder].push_back(shown_name(file.path));
    }
    for (const auto& [folder, names] : of_folder) {
        std::string list;
        for (const std::string& name : names)
            list += (list.empty() ? "" : ", ") + name;
        findings.push_back(about(shown_name(folder), Severity::info, "import.source",
                                 base::filled({"Files of the folder that the mapping '{1}' does not read: {0}.", "Dateien des Ordners, die die Importabbildung „{1}“ nicht liest: {0}."},
                                              std::to_string(names.size()), mapping.info.name)));
        findings.back().value = base::shortened(list, 500);
    }
}

void SourceFiles::report_unread_layers(const File& file, std::vector<Finding>& findings) const
{
    if (file.layers.empty() || file.empty)
        return;
    const auto layers = io::Source::open(file.path)->layers();
    std::string list;
    std::size_t count = 0;
    for (const io::LayerInfo& layer : layers)
        if (!file.layers.contains(layer.name) && layers.size() > 1) {
            list += (list.empty() ? "" : ", ") + layer.name;
            ++count;
        }
    if (count == 0)
        return;
    findings.push_back(about(shown_name(file.path), Severity::info, "import.source",
                             base::filled({"Layers of the file that the mapping does not read: {0}.", "Ebenen der Datei, die die Importabbildung nicht liest: {0}."}, std::to_string(count))));
    findings.back().value = base::shortened(list, 500);
}

}  // namespace stadtgdi::catalogue::detail
