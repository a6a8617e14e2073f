// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/content_coding.hpp>

#include <layers/base/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstdint>
#include <limits>
#include <vector>

#include <brotli/encode.h>
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
constexpr std::size_t buffer_bytes = 64 * 1024;

class GzipCompressor : public Compressor {
public:
    explicit GzipCompressor(int level)
    {
        if (deflateInit2(&m_zlib, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw Error(ErrorKind::internal, {"zlib did not start.", "zlib ließ sich nicht starten."});
    }
    ~GzipCompressor() override { deflateEnd(&m_zlib); }
    GzipCompressor(const GzipCompressor&) = delete;
    GzipCompressor& operator=(const GzipCompressor&) = delete;

    std::string add(std::string_view bytes, bool last) override
    {
        std::string out;
        std::vector<char> buffer(buffer_bytes);
        constexpr std::size_t most = std::numeric_limits<uInt>::max();
        do {
            const std::size_t now = std::min(bytes.size(), most);
            m_zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
            m_zlib.avail_in = static_cast<uInt>(now);
            bytes.remove_prefix(now);
            const int flush = last && bytes.empty() ? Z_FINISH : Z_NO_FLUSH;
            do {
                m_zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
                m_zlib.avail_out = static_cast<uInt>(buffer.size());
                if (deflate(&m_zlib, flush) == Z_STREAM_ERROR)
                    throw Error(ErrorKind::internal, {"zlib failed.", "zlib ist gescheitert."});
                out.append(buffer.data(), buffer.size() - m_zlib.avail_out);
            } while (m_zlib.avail_out == 0);
        } while (!bytes.empty());
        return out;
    }

private:
    z_stream m_zlib{};
};

class BrotliCompressor : public Compressor {
public:
    explicit BrotliCompressor(int quality) : m_encoder(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), BrotliEncoderDestroyInstance)
    {
        if (!m_encoder || BrotliEncoderSetParameter(m_encoder.get(), BROTLI_PARAM_QUALITY, static_cast<std::uint32_t>(quality)) == BROTLI_FALSE)
            throw Error(ErrorKind::internal, {"brotli did not start.", "brotli ließ sich nicht starten."});
    }

    std::string add(std::string_view bytes, bool last) override
    {
        std::string out;
        auto next = reinterpret_cast<const std::uint8_t*>(bytes.data());
        std::size_t left = bytes.size();
        do {
            std::size_t room = 0;
            if (BrotliEncoderCompressStream(m_encoder.get(), last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS, &left, &next, &room, nullptr, nullptr) == BROTLI_FALSE)
                throw Error(ErrorKind::internal, {"brotli failed.", "brotli ist gescheitert."});
            while (BrotliEncoderHasMoreOutput(m_encoder.get()) != BROTLI_FALSE) {
                std::size_t size = 0;  // as much as there is
                const std::uint8_t* piece = BrotliEncoderTakeOutput(m_encoder.get(), &size);
                out.append(reinterpret_cast<const char*>(piece), size);
            }
        } while (left > 0 || (last && BrotliEncoderIsFinished(m_encoder.get()) == BROTLI_FALSE));
        return out;
    }

private:
    std::unique_ptr<BrotliEncoderState, void (*)(BrotliEncoderState*)> m_encoder;
};

}  // namespace

std::optional<Coding> preferred_coding(std::string_view accept_encoding, bool header_present, const CodingLevels& levels)
{
    if (!header_present)
        return Coding::identity;
    std::optional<int> gzip_weight, brotli_weight, identity_weight, other_weight;
    while (!accept_encoding.empty()) {
        const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
        const std::string_view item = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        const std::string_view name = trimmed(item.substr(0, semicolon));
        const int weight = semicolon < item.size() ? weight_of(trimmed(item.substr(semicolon + 1))) : 1000;
        if (is_word(name, "gzip") || is_word(name, "x-gzip"))
            gzip_weight = weight;
        else if (is_word(name, "br"))
            brotli_weight = weight;
        else if (is_word(name, "identity"))
            identity_weight = weight;
        else if (name == "*")
            other_weight = weight;
    }
    const int gzip_is = levels.gzip > 0 ? gzip_weight.value_or(other_weight.value_or(0)) : 0;
    const int brotli_is = levels.brotli > 0 ? brotli_weight.value_or(0) : 0;  // "*" is what old clients say, who mean gzip
    const bool identity_refused = identity_weight ? *identity_weight == 0 : other_weight && *other_weight == 0;
    const int best = std::max(gzip_is, brotli_is);
    if (best > 0 && (identity_refused || best >= identity_weight.value_or(0)))
        return brotli_is == best ? Coding::brotli : Coding::gzip;
    if (identity_refused)
        return std::nullopt;
    return Coding::identity;
}

std::string_view name_of(Coding coding)
{
    return coding == Coding::gzip ? "gzip" : coding == Coding::brotli ? "br" : "";
}

std::string_view etag_suffix_of(Coding coding)
{
    return coding == Coding::gzip ? "-gz" : coding == Coding::brotli ? "-br" : "";
}

std::string_view plain_etag(std::string_view etag)
{
    for (const Coding coding : {Coding::gzip, Coding::brotli})
        if (etag.ends_with(etag_suffix_of(coding)))
            return etag.substr(0, etag.size() - etag_suffix_of(coding).size());
    return etag;
}

std::unique_ptr<Compressor> compressor(Coding coding, const CodingLevels& levels)
{
    if (coding == Coding::brotli)
        return std::make_unique<BrotliCompressor>(levels.brotli);
    return std::make_unique<GzipCompressor>(levels.gzip);
}

std::string compressed(Coding coding, std::string_view bytes, const CodingLevels& levels)
{
    return compressor(coding, levels)->add(bytes, true);
}

}  // namespace stadtgdi::http
