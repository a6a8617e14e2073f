// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/section_output.hpp>

namespace stadtgdi::catalogue::detail {

using base::Finding;
using base::Severity;

// The row's uuid; false: an appending import finds the object in the store.
bool Section::read_key(Output& output, std::size_t row, std::vector<Finding>& findings)
{
    const std::string& layer = output.rule->layer->name;
    std::string key = output.rule->key.empty() ? std::string() : m_source->filled(output.rule->key, row);
    const bool has_key = !key.empty();
    if (!has_key)
        key = m_source->file(row) + "#" + std::to_string(m_source->row_in_file(row));
    output.uuid = object_uuid(m_state->mapping.info.name, layer, key);
    if (m_state->earlier[layer].contains(output.uuid)) {
        findings.push_back(finding(&output, row, Severity::error, "import.key",
                                   {"An object with this key was imported before; appending does not store it again. Without --append the earlier delivery is replaced.",
                                    "Ein Objekt mit diesem Schlüssel wurde schon importiert; beim Anfügen wird es nicht noch einmal gespeichert. Ohne --append wird die "
                                    "frühere Lieferung ersetzt."}));
        findings.back().value = key;
        return false;
    }
    const auto& taken = m_state->uuids[layer];
    bool repeated = false;
    for (int again = 2; taken.contains(output.uuid); ++again) {
        output.uuid = object_uuid(m_state->mapping.info.name, layer, key + "#" + std::to_string(again));
        repeated = true;
    }
    if (!has_key && !output.rule->key.empty())
        findings.push_back(finding(&output, row, Severity::warning, "import.key",
                                       {"The row has no key; its id follows from its place in the file and changes when rows are inserted.",
                                        "Die Zeile hat keinen Schlüssel; ihre ID folgt aus der Stelle in der Datei und ändert sich, wenn Zeilen eingefügt werden."}));
    if (repeated) {
        findings.push_back(finding(&output, row, Severity::warning, "import.key",
                                   base::filled({"The key '{0}' occurs more than once; this row is kept as an object of its own.",
                                                 "Der Schlüssel „{0}“ kommt mehrfach vor; diese Zeile bleibt als eigenes Objekt erhalten."},
                                                key)));
        findings.back().value = key;
    }
    return true;
}

// Some sources give an object once for each of its parts or tiles: rows of the same key and content are one object.
bool Section::repeats(std::size_t row)
{
    m_key.clear();
    for (const auto& output : m_outputs)
        if (output->active && m_key.empty() && !output->rule->key.empty())
            m_key = m_source->filled(output->rule->key, row);
    const auto first = m_key.empty() ? m_row_of_key.end() : m_row_of_key.find(m_key);
    if (first == m_row_of_key.end() || !m_source->same(first->second, row))
        return false;
    ++m_repeated[m_source->file(row)];
    return true;
}

}  // namespace stadtgdi::catalogue::detail
