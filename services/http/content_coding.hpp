// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stadtgdi::http {

enum class Coding { identity, gzip, brotli };

/// How hard answers are compressed; 0: never.
struct CodingLevels {
    int gzip = 4;    ///< to 9
    int brotli = 4;  ///< to 11
};

/// What the client prefers of those that are offered, by the weights of its Accept-Encoding, of equal ones the smaller (brotli); nullopt:
/// it takes none (406). A missing header means identity.
std::optional<Coding> preferred_coding(std::string_view accept_encoding, bool header_present, const CodingLevels& levels = {});

/// As Content-Encoding names it; identity: empty.
std::string_view name_of(Coding coding);
/// The compressed form of an answer is another representation and has a tag of its own: what is appended to that of the plain one.
std::string_view etag_suffix_of(Coding coding);
/// A tag without such an ending.
std::string_view plain_etag(std::string_view etag);

/// Compresses piece by piece, for streams.
class Compressor {
public:
    virtual ~Compressor() = default;
    /// What is ready of the compressed bytes, possibly nothing; `last` flushes and ends.
    virtual std::string add(std::string_view bytes, bool last) = 0;
};

/// Not for identity.
std::unique_ptr<Compressor> compressor(Coding coding, const CodingLevels& levels);
std::string compressed(Coding coding, std::string_view bytes, const CodingLevels& levels);

}  // namespace stadtgdi::http
