// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stadtgdi::http {

enum class Coding { identity, gzip };

/// What the client prefers of the two, by the weights of its Accept-Encoding; nullopt: it takes neither (406). A
/// missing header means identity.
std::optional<Coding> preferred_coding(std::string_view accept_encoding, bool header_present);

/// The gzip'ed form of an answer is another representation and has a tag of its own.
inline constexpr std::string_view gzip_etag_suffix = "-gz";

std::string gzip(std::string_view bytes, int level);

/// gzip piece by piece, for streams.
class GzipStream {
public:
    explicit GzipStream(int level);
    ~GzipStream();
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;
    /// What is ready of the compressed bytes, possibly nothing; `last` flushes and ends.
    std::string add(std::string_view bytes, bool last);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::http
