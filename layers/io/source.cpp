// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/source.hpp>

#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>

namespace stadtgdi::io {

std::unique_ptr<Source> Source::open(const std::vector<std::string>& paths)
{
    const std::vector<std::string> files = detail::expanded(paths);
    if (files.empty())
        throw Error(ErrorKind::invalid_argument, {"No file was named.", "Es wurde keine Datei genannt."});
    if (files.size() == 1)
        return detail::open_one(files.front());
    return detail::open_many(files);
}

std::vector<std::string> files_of(const std::string& path)
{
    return detail::expanded({path});
}

namespace detail {

std::unique_ptr<Source> open_one(const std::string& path)
{
    const std::size_t records = path.find("?records=");
    if (records != std::string::npos && !path.starts_with("PG:"))
        return open_json_records(path.substr(0, records), path.substr(records + 9));
    const std::string ending = ending_of(path);
    if (ending == ".csv" || ending == ".tsv" || ending == ".txt")
        return open_csv(path);
    if (ending == ".json") {
        // GeoJSON too ends in .json; a document that begins with an array is a list of records.
        const std::string content = file_content(path);
        const std::size_t first = content.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
        if (first != std::string::npos && content[first] == '[')
            return open_json_records(path, "");
    }
    return open_gdal(path);
}

}  // namespace detail
}  // namespace stadtgdi::io
