// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/open_city.hpp>

#include <layers/io/database.hpp>

#include <filesystem>
#include <iostream>

namespace stadtgdi::cli {

catalogue::City open_city(const std::string& path, const Call& call)
{
    catalogue::City city = catalogue::City::open(path);
    if (const auto& done = city.upgraded()) {
        const base::Text where = io::is_postgis(path) ? base::Text{"tables ending in _{3}", "Tabellen mit der Endung _{3}"} : base::Text{"{3}", "{3}"};
        std::cerr << call.text(base::filled({"'{0}' was brought from schema version {1} to {2}. As it was: " + where.en,
                                             "'{0}' wurde von Schemaversion {1} auf {2} gebracht. Bisheriger Stand: " + where.de},
                                            io::shown_path(path), std::to_string(done->from_version), std::to_string(done->to_version), done->copy))
                  << "\n";
    }
    return city;
}

LeaveNoLog::LeaveNoLog(std::string path)
{
    std::error_code error;
    if (path.ends_with(".gpkg") && !std::filesystem::exists(path + "-wal", error))
        m_path = std::move(path);
}

LeaveNoLog::~LeaveNoLog()
{
    std::error_code error;
    if (m_path.empty() || !std::filesystem::exists(m_path + "-wal", error))
        return;
    try {
        // Whoever closes last and may write removes both.
        io::Database::open(m_path, io::Database::Access::write)->has_table("stadtgdi_city");
    } catch (const Error&) {
        // Read-only: they stay.
    }
}

}  // namespace stadtgdi::cli
