// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <toml++/toml.h>

namespace stadtgdi::server::detail {

/// Takes the values of one TOML table; finish() refuses what nobody took.
class TomlReader {
public:
    TomlReader(const toml::table& table, std::string path) : m_table(table), m_path(std::move(path)) {}

    void text(const char* key, std::string& to);
    void flag(const char* key, bool& to);
    void integer(const char* key, std::int64_t& to, std::int64_t least, std::int64_t most);
    template <class T> void number(const char* key, T& to, std::int64_t least, std::int64_t most)
    {
        std::int64_t value = static_cast<std::int64_t>(to);
        integer(key, value, least, most);
        to = static_cast<T>(value);
    }
    void texts(const char* key, std::vector<std::string>& to);
    void numbers(const char* key, std::vector<double>& to);
    /// One of the choices; its place.
    void choice(const char* key, const std::vector<std::string>& choices, std::string& to);
    void table(const char* key, const std::function<void(TomlReader&)>& read);
    /// Each table of a table of tables ([access.roles.NAME]) or of an array of tables ([[access.keys]]; the name is its number).
    void tables(const char* key, const std::function<void(TomlReader&, const std::string& name)>& read);
    /// Error(invalid_argument) about a value of this table; a secret one is not repeated.
    [[noreturn]] void refuse(const std::string& key, const base::Text& expected, bool secret = false) const;
    void finish() const;

private:
    const toml::node* take(const char* key);
    std::string full(const std::string& key) const { return m_path.empty() ? key : m_path + "." + key; }

    const toml::table& m_table;
    std::string m_path;
    std::set<std::string> m_known;
};

}  // namespace stadtgdi::server::detail
