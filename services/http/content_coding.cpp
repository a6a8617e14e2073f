// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/content_coding.hpp>

#include <layers/base/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>
#include <zlib.h>

namespace stadtgdi::http {

namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Weight in thousandths of "q=0.5"; anything else counts as refused, so that nonsense never gets a coding it did not ask for.
int weight_of(std::string_view text)
{
    if (text.size() < 3 || (text[0] != 'q' && text[0] != 'Q') || text[1] != '=')
        return 0;
    text.remove_prefix(2);
    int value = 0, digits = 0;
    if (text[0] != '0' && text[0] != '1')
        return 0;
    value = (text[0] - '0') * 1000;
    if (text.size() > 1 && text[1] != '.')
        return 0;
    for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (c < '0' || c > '9' || ++digits > 3)
            return 0;
        value += (c - '0') * (digits == 1 ? 100 : digits == 2 ? 10 : 1);
    }
    return std::min(value, 1000);
}

bool is_word(std::string_view text, std::string_view word)
{
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

constexpr int gzip_window = 15 + 16;  // zlib: 16 more writes gzip's head and tail

}  // namespace

std::optional<Coding> preferred_coding(std::string_view accept_encoding, bool header_present)
{
    if (!header_present)
        return Coding::identity;
    std::optional<int> gzip_weight, identity_weight, other_weight;
    while (!accept_encoding.empty()) {
        const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
        const std::string_view item = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        const std::string_view name = trimmed(item.substr(0, semicolon));
        const int weight = semicolon < item.size() ? weight_of(trimmed(item.substr(semicolon + 1))) : 1000;
        if (is_word(name, "gzip") || is_word(name, "x-gzip"))
            gzip_weight = weight;
        else if (is_word(name, "identity"))
            identity_weight = weight;
        else if (name == "*")
            other_weight = weight;
    }
    const int gzip_is = gzip_weight.value_or(other_weight.value_or(0));
    const bool identity_refused = identity_weight ? *identity_weight == 0 : other_weight && *other_weight == 0;
    if (gzip_is > 0 && (identity_refused || gzip_is >= identity_weight.value_or(0)))
        return Coding::gzip;
    if (identity_refused)
        return std::nullopt;
    return Coding::identity;
}

struct GzipStream::State {
    z_stream zlib{};
};

GzipStream::GzipStream(int level) : m_state(std::make_unique<State>())
{
    if (deflateInit2(&m_state->zlib, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw Error(ErrorKind::internal, {"zlib did not start.", "zlib ließ sich nicht starten."});
}

GzipStream::~GzipStream()
{
    deflateEnd(&m_state->zlib);
}

std::string GzipStream::add(std::string_view bytes, bool last)
{
    z_stream& zlib = m_state->zlib;
    std::string out;
    std::vector<char> buffer(64 * 1024);
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    do {
        const std::size_t now = std::min(bytes.size(), most);
        zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
        zlib.avail_in = static_cast<uInt>(now);
        bytes.remove_prefix(now);
        const int flush = last && bytes.empty() ? Z_FINISH : Z_NO_FLUSH;
        do {
            zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
            zlib.avail_out = static_cast<uInt>(buffer.size());
            if (deflate(&zlib, flush) == Z_STREAM_ERROR)
                throw Error(ErrorKind::internal, {"zlib failed.", "zlib ist gescheitert."});
            out.append(buffer.data(), buffer.size() - zlib.avail_out);
        } while (zlib.avail_out == 0);
    } while (!bytes.empty());
    return out;
}

std::string gzip(std::string_view bytes, int level)
{
    return GzipStream(level).add(bytes, true);
}

}  // namespace stadtgdi::http
