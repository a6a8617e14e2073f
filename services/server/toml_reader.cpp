// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/toml_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <sstream>

namespace stadtgdi::server::detail {

namespace {

std::string shown(const toml::node& node)
{
    std::ostringstream out;
    node.visit([&](const auto& value) { out << value; });
    std::string text = out.str();
    return text.size() > 60 ? base::shortened(text, 57) + "..." : text;
}

}  // namespace

const toml::node* TomlReader::take(const char* key)
{
    m_known.insert(key);
    return m_table.get(key);
}

void TomlReader::refuse(const std::string& key, const base::Text& expected, bool secret) const
{
    const toml::node* node = m_table.get(key);
    const std::string found = !node ? std::string("-") : secret ? std::string("***") : shown(*node);
    const std::string line = node ? std::to_string(node->source().begin.line) : std::string("-");
    throw Error(ErrorKind::invalid_argument, {"Setting '" + full(key) + "' (line " + line + ") is " + found + "; expected: " + expected.en + ".",
                                              "Einstellung '" + full(key) + "' (Zeile " + line + ") ist " + found + "; erwartet: " + expected.de + "."});
}

void TomlReader::text(const char* key, std::string& to)
{
    if (const toml::node* node = take(key)) {
        if (!node->is_string())
            refuse(key, {"a text in quotes", "ein Text in Anführungszeichen"});
        to = *node->value<std::string>();
    }
}

void TomlReader::flag(const char* key, bool& to)
{
    if (const toml::node* node = take(key)) {
        if (!node->is_boolean())
            refuse(key, {"true or false", "true oder false"});
        to = *node->value<bool>();
    }
}

void TomlReader::integer(const char* key, std::int64_t& to, std::int64_t least, std::int64_t most)
{
    if (const toml::node* node = take(key)) {
        const auto value = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
        if (!value || *value < least || *value > most)
            refuse(key, base::filled({"a whole number from {0} to {1}", "eine ganze Zahl von {0} bis {1}"}, std::to_string(least), std::to_string(most)));
        to = *value;
    }
}

void TomlReader::texts(const char* key, std::vector<std::string>& to)
{
    if (const toml::node* node = take(key)) {
        const toml::array* array = node->as_array();
        if (!array || !std::all_of(array->begin(), array->end(), [](const toml::node& item) { return item.is_string(); }))
            refuse(key, {"a list of texts, [\"a\", \"b\"]", "eine Liste von Texten, [\"a\", \"b\"]"});
        to.clear();
        for (const toml::node& item : *array)
            to.push_back(*item.value<std::string>());
    }
}

void TomlReader::numbers(const char* key, std::vector<double>& to)
{
    if (const toml::node* node = take(key)) {
        const toml::array* array = node->as_array();
        if (!array || !std::all_of(array->begin(), array->end(), [](const toml::node& item) { return item.is_number() && item.value<double>(); }))  // no integers too long for it
            refuse(key, {"a list of numbers, [1, 2.5]", "eine Liste von Zahlen, [1, 2.5]"});
        to.clear();
        for (const toml::node& item : *array)
            to.push_back(*item.value<double>());
    }
}

void TomlReader::choice(const char* key, const std::vector<std::string>& choices, std::string& to)
{
    if (!take(key))
        return;
    text(key, to);
    if (std::find(choices.begin(), choices.end(), to) != choices.end())
        return;
    std::string list;
    for (const std::string& one : choices)
        list += (list.empty() ? "" : ", ") + one;
    refuse(key, base::filled({"one of {0}", "eines von {0}"}, list));
}

void TomlReader::table(const char* key, const std::function<void(TomlReader&)>& read)
{
    if (const toml::node* node = take(key)) {
        if (!node->is_table())
            refuse(key, base::filled({"a table, [{0}]", "eine Tabelle, [{0}]"}, full(key)));
        TomlReader inner(*node->as_table(), full(key));
        read(inner);
        inner.finish();
    }
}

void TomlReader::tables(const char* key, const std::function<void(TomlReader&, const std::string&)>& read)
{
    const toml::node* node = take(key);
    if (!node)
        return;
    const auto one = [&](const toml::node& item, const std::string& name) {
        if (!item.is_table())
            refuse(key, base::filled({"tables, [{0}.NAME] or [[{0}]]", "Tabellen, [{0}.NAME] oder [[{0}]]"}, full(key)));
        TomlReader inner(*item.as_table(), full(key) + "." + name);
        read(inner, name);
        inner.finish();
    };
    if (const toml::table* named = node->as_table()) {
        for (const auto& [name, item] : *named)
            one(item, std::string(name.str()));
    } else if (const toml::array* array = node->as_array()) {
        int number = 0;
        for (const toml::node& item : *array)
            one(item, std::to_string(++number));
    } else {
        refuse(key, base::filled({"tables, [{0}.NAME] or [[{0}]]", "Tabellen, [{0}.NAME] oder [[{0}]]"}, full(key)));
    }
}

void TomlReader::finish() const
{
    for (const auto& [key, node] : m_table) {
        const std::string name(key.str());
        if (m_known.count(name))
            continue;
        std::string known;
        for (const std::string& one : m_known)
            known += (known.empty() ? "" : ", ") + one;
        const bool may_be_secret = m_path.starts_with("access");
        refuse(name, base::filled({"no such setting here; there are: {0}", "keine solche Einstellung an dieser Stelle; es gibt: {0}"}, known), may_be_secret);
    }
}

}  // namespace stadtgdi::server::detail
