// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>

#include <algorithm>
#include <cpl_conv.h>
#include <cpl_string.h>

namespace stadtgdi::io::detail {

std::size_t first_bad_byte(std::string_view text)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char c = at(i);
        const std::size_t length = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > text.size())
            return i;
        for (std::size_t k = 1; k < length; ++k)
            if ((at(i + k) & 0xC0) != 0x80)
                return i;
        // Longer than needed, halves of UTF-16 pairs, beyond Unicode: databases refuse them.
        if ((c == 0xE0 && at(i + 1) < 0xA0) || (c == 0xED && at(i + 1) >= 0xA0) || (c == 0xF0 && at(i + 1) < 0x90) || (c == 0xF4 && at(i + 1) >= 0x90))
            return i;
        i += length;
    }
    return std::string_view::npos;
}

std::string utf8(std::string text, const std::string& encoding, const std::string& path)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.erase(0, 3);
    if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
        throw Error(ErrorKind::bad_data,
                    base::filled({"File '{0}' has a zero byte in line {1}: it is UTF-16 (\"Unicode text\") or damaged. Save it as UTF-8.",
                                  "Die Datei '{0}' hat in Zeile {1} ein Nullbyte: Sie ist UTF-16 („Unicode-Text“) oder beschädigt. Bitte als UTF-8 speichern."},
                                 path, std::to_string(line)));
    }
    if (encoding.empty() || EQUAL(encoding.c_str(), "UTF-8")) {
        const std::size_t bad = first_bad_byte(text);
        if (bad == std::string::npos)
            return text;
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
        throw Error(ErrorKind::bad_data,
                    base::filled({"File '{0}' is not UTF-8 in line {1}; say its encoding, e.g. ISO-8859-1.",
                                  "Die Datei '{0}' ist in Zeile {1} kein UTF-8; bitte die Zeichenkodierung nennen, z. B. ISO-8859-1."},
                                 path, std::to_string(line)));
    }
    Messages messages;
    char* recoded = CPLRecode(text.c_str(), encoding.c_str(), CPL_ENC_UTF8);
    std::string result = recoded ? recoded : "";
    CPLFree(recoded);
    if (!messages.text().empty() || (result.empty() && !text.empty())) {
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"File '{0}' cannot be read as '{1}'. {2}", "Die Datei '{0}' lässt sich nicht als '{1}' lesen. {2}"}, path,
                                 encoding, messages.text()));
    }
    return result;
}

}  // namespace stadtgdi::io::detail
