// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/flat_deflate.hpp>
#include <services/render/equal_pixels.hpp>

#include <layers/base/parallel_for.hpp>

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace stadtgdi::render {

namespace {

constexpr std::size_t band_bytes = std::size_t{1} << 20;     // of the rows of one block
constexpr std::size_t bands_for_threads = 8;                 // from which several threads are worth it
constexpr std::size_t longest_match = 258, shortest_match = 3, farthest_match = 32768;
constexpr std::size_t end_of_block = 256, literals = 286, distances = 30;

/// The symbol of a length or distance, and the bits that follow it.
struct Symbol {
    std::uint16_t symbol;
    std::uint8_t bits;
    std::uint16_t value;
};

/// RFC 1951, 3.2.5: four symbols double the length, but for the longest match, which has its own.
constexpr Symbol length_symbol(std::size_t length)
{
    if (length == longest_match)
        return {285, 0, 0};
    const std::size_t n = length - shortest_match;
    if (n < 8)
        return {static_cast<std::uint16_t>(257 + n), 0, 0};
    const auto bits = static_cast<std::size_t>(std::bit_width(n)) - 3;
    return {static_cast<std::uint16_t>(257 + 4 * bits + (n >> bits)), static_cast<std::uint8_t>(bits), static_cast<std::uint16_t>(n & ((std::size_t{1} << bits) - 1))};
}

/// Two symbols double the distance.
constexpr Symbol distance_symbol(std::size_t distance)
{
    const std::size_t n = distance - 1;
    if (n < 4)
        return {static_cast<std::uint16_t>(n), 0, 0};
    const auto bits = static_cast<std::size_t>(std::bit_width(n)) - 2;
    return {static_cast<std::uint16_t>(2 * bits + (n >> bits)), static_cast<std::uint8_t>(bits), static_cast<std::uint16_t>(n & ((std::size_t{1} << bits) - 1))};
}

constexpr auto length_symbols = [] {
    std::array<std::uint16_t, longest_match + 1> symbols{};
    for (std::size_t length = shortest_match; length <= longest_match; ++length)
        symbols[length] = length_symbol(length).symbol;
    return symbols;
}();

/// Literals and matches of one band, and how often each symbol occurs. What a literal is stands in the rows themselves.
class Tokens {
public:
    explicit Tokens(std::size_t most) : m_tokens(std::make_unique_for_overwrite<std::uint32_t[]>(most)) {}

    void filter_byte()
    {
        m_tokens[m_size++] = one_byte;
        ++literal_counts[0];
    }

    template <std::size_t channels> void pixel(const std::uint8_t* bytes)
    {
        m_tokens[m_size++] = one_pixel;
        for (std::size_t i = 0; i < channels; ++i)
            ++m_pixel_counts[i][bytes[i]];  // each channel by itself: those of a grey would wait for one another
    }

    /// Of any length from 3 on.
    void match(std::size_t length, std::size_t distance)
    {
        const std::size_t of_distance = distance_symbol(distance).symbol;
        if (length <= longest_match) {
            m_tokens[m_size++] = match_bit | static_cast<std::uint32_t>(length << 15 | (distance - 1));
            ++literal_counts[length_symbols[length]];
            ++distance_counts[of_distance];
            return;
        }
        while (length > 0) {
            std::size_t piece = std::min(length, longest_match);
            if (length - piece > 0 && length - piece < shortest_match)
                piece -= shortest_match;
            m_tokens[m_size++] = match_bit | static_cast<std::uint32_t>(piece << 15 | (distance - 1));
            ++literal_counts[length_symbol(piece).symbol];
            ++distance_counts[of_distance];
            length -= piece;
        }
    }

    void finish()
    {
        for (const std::array<std::uint32_t, 256>& counts : m_pixel_counts)
            for (std::size_t byte = 0; byte < counts.size(); ++byte)
                literal_counts[byte] += counts[byte];
        ++literal_counts[end_of_block];
    }

    /// In their order.
    template <class OnByte, class OnPixel, class OnMatch> void each(OnByte&& on_byte, OnPixel&& on_pixel, OnMatch&& on_match) const
    {
        for (std::size_t i = 0; i < m_size; ++i) {
            const std::uint32_t token = m_tokens[i];
            if (token & match_bit)
                on_match((token & ~match_bit) >> 15, (token & (farthest_match - 1)) + 1);
            else if (token == one_pixel)
                on_pixel();
            else
                on_byte();
        }
    }

    std::array<std::uint32_t, literals> literal_counts{};
    std::array<std::uint32_t, distances> distance_counts{};

private:
    static constexpr std::uint32_t match_bit = 1U << 31, one_pixel = 1, one_byte = 0;
    std::unique_ptr<std::uint32_t[]> m_tokens;
    std::size_t m_size = 0;
    std::array<std::array<std::uint32_t, 256>, 4> m_pixel_counts{};
};

/// Where two neighbouring colours were seen last.
class SeenPairs {
public:
    struct Place {
        std::uint32_t y = 0, x = 0;
    };

    Place exchange(const std::uint32_t* two, Place now)
    {
        std::uint64_t both;
        std::memcpy(&both, two, 8);
        return std::exchange(m_places[both * 0x9e3779b97f4a7c15U >> (64 - bits)], now);
    }

private:
    static constexpr int bits = 14;
    std::array<Place, std::size_t{1} << bits> m_places{};
};

template <std::size_t channels> Tokens tokens_of(const FlatRows& rows, std::size_t first, std::size_t last)
{
    const std::size_t width = rows.width, stride = rows.stride();
    constexpr std::size_t least = channels == 1 ? 4 : 2;  // pixels of a match
    Tokens tokens((last - first) * (width + 1));
    SeenPairs seen;
    for (std::size_t y = first; y < last; ++y) {
        const std::uint32_t* row = rows.pixels + y * width;
        const std::uint8_t* bytes = rows.bytes + y * stride + 1;
        if (width > shortest_match && equal_pixels(row + 1, row, width - 1) == width - 1) {  // of one colour
            tokens.filter_byte();
            tokens.pixel<channels>(bytes);
            tokens.match((width - 1) * channels, channels);
            continue;
        }
        if (y > first && stride <= farthest_match) {
            std::size_t like_above = 0;
            while (y + like_above < last && std::memcmp(row + like_above * width, row + like_above * width - width, 4 * width) == 0)
                ++like_above;
            if (like_above * stride >= shortest_match) {
                tokens.match(like_above * stride, stride);
                y += like_above - 1;
                continue;
            }
        }
        tokens.filter_byte();
        for (std::size_t x = 0; x < width;) {
            std::size_t length = 0, distance = channels;
            if (x > 0 && row[x] == row[x - 1])
                length = equal_pixels(row + x, row + x - 1, width - x);
            if (length == 0 && y > first && row[x] == row[x - width] && stride <= farthest_match) {
                const std::size_t like_above = equal_pixels(row + x, row + x - width, width - x);
                if (like_above > 1) {
                    length = like_above;
                    distance = stride;
                }
            }
            if (length == 0 && x + 1 < width) {
                const SeenPairs::Place now{static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(x)};
                const SeenPairs::Place then = seen.exchange(row + x, now);
                const std::size_t back = (y - then.y) * stride + (x - then.x) * channels;
                if (then.y >= first && back > 0 && back <= farthest_match) {
                    const std::size_t seen_before = equal_pixels(row + x, rows.pixels + then.y * width + then.x, width - std::max<std::size_t>(x, then.x));
                    if (seen_before > 1) {
                        length = seen_before;
                        distance = back;
                    }
                }
            }
            // A run costs less than what was seen farther away: rather this pixel alone and then the run.
            if (distance != channels && x + 1 < width && row[x + 1] == row[x] && equal_pixels(row + x + 1, row + x, width - x - 1) + 1 >= length)
                length = 0;
            if (length * channels >= shortest_match && (length >= least || distance == channels)) {
                tokens.match(length * channels, distance);
                x += length;
                continue;
            }
            tokens.pixel<channels>(bytes + x * channels);
            ++x;
        }
    }
    tokens.finish();
    return tokens;
}

/// A prefix code of at most `limit` bits; symbols that do not occur have no bits.
struct Code {
    std::vector<std::uint8_t> bits;
    std::vector<std::uint16_t> words;  ///< with the first bit lowest

    Code(std::span<const std::uint32_t> counts, std::size_t limit) : bits(counts.size()), words(counts.size())
    {
        std::vector<std::uint16_t> used;
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (counts[i] > 0)
                used.push_back(static_cast<std::uint16_t>(i));
        if (used.size() < 2) {  // both words, so that the code is complete
            bits[0] = bits[used.empty() || used[0] == 0 ? 1 : used[0]] = 1;
        } else {
            std::ranges::stable_sort(used, {}, [&](std::uint16_t symbol) { return counts[symbol]; });
            std::vector<std::size_t> of_length = lengths(counts, used);
            // Too long ones are cut off, and the shorter ones made longer until they leave room (Kraft's sum is 1).
            for (std::size_t length = limit + 1; length < of_length.size(); ++length)
                of_length[limit] += std::exchange(of_length[length], 0);
            of_length.resize(limit + 1);
            std::size_t sum = 0;
            for (std::size_t length = 1; length <= limit; ++length)
                sum += of_length[length] << (limit - length);
            for (; sum > std::size_t{1} << limit; --sum) {
                --of_length[limit];
                std::size_t shorter = limit - 1;
                while (of_length[shorter] == 0)
                    --shorter;
                --of_length[shorter];
                of_length[shorter + 1] += 2;
            }
            auto symbol = used.begin();  // the rarest first
            for (std::size_t length = limit; length > 0; --length)
                for (std::size_t i = 0; i < of_length[length]; ++i)
                    bits[*symbol++] = static_cast<std::uint8_t>(length);
        }
        make_words(limit);
    }

private:
    /// How many words there are of each length: Huffman, by two queues.
    static std::vector<std::size_t> lengths(std::span<const std::uint32_t> counts, const std::vector<std::uint16_t>& used)
    {
        const std::size_t leaves = used.size();
        std::vector<std::uint64_t> weights(2 * leaves - 1);
        std::vector<std::size_t> parents(2 * leaves - 1), depths(2 * leaves - 1);
        for (std::size_t i = 0; i < leaves; ++i)
            weights[i] = counts[used[i]];
        std::size_t leaf = 0, inner = leaves;
        for (std::size_t node = leaves; node < weights.size(); ++node)
            for (int child = 0; child < 2; ++child) {
                const std::size_t lighter = leaf < leaves && (inner == node || weights[leaf] <= weights[inner]) ? leaf++ : inner++;
                weights[node] += weights[lighter];
                parents[lighter] = node;
            }
        std::vector<std::size_t> of_length(leaves + 1);
        for (std::size_t node = weights.size() - 1; node-- > 0;) {
            depths[node] = depths[parents[node]] + 1;
            if (node < leaves)
                ++of_length[depths[node]];
        }
        return of_length;
    }

    void make_words(std::size_t limit)
    {
        std::vector<std::uint32_t> of_length(limit + 1), next(limit + 1);
        for (const std::uint8_t length : bits)
            ++of_length[length];
        of_length[0] = 0;
        for (std::size_t length = 1; length <= limit; ++length)
            next[length] = (next[length - 1] + of_length[length - 1]) << 1;
        for (std::size_t symbol = 0; symbol < bits.size(); ++symbol) {
            if (bits[symbol] == 0)
                continue;
            std::uint32_t word = next[bits[symbol]]++, turned = 0;
            for (int i = 0; i < bits[symbol]; ++i, word >>= 1)
                turned = turned << 1 | (word & 1);
            words[symbol] = static_cast<std::uint16_t>(turned);
        }
    }
};

/// Writes to a place that has room for eight bytes more than are written.
class Bits {
public:
    explicit Bits(char* to) : m_to(to) {}

    /// At most 56 bits. Eight bytes are written each time, of which the next ones write over what does not count.
    void put(std::uint64_t value, unsigned count)
    {
        m_waiting |= value << m_count;
        m_count += count;
        std::memcpy(m_to, &m_waiting, 8);
        m_to += m_count / 8;
        m_waiting >>= m_count & ~7U;
        m_count %= 8;
    }

    /// Where the last byte ends.
    char* end() const { return m_to + (m_count > 0 ? 1 : 0); }

private:
    char* m_to;
    std::uint64_t m_waiting = 0;
    unsigned m_count = 0;
};

/// The bits of both codes as RFC 1951, 3.2.7 writes them: runs of zeros and of equal numbers are symbols of their own.
struct CodeBits {
    std::vector<Symbol> symbols;
    std::array<std::uint32_t, 19> counts{};

    void add(std::uint16_t symbol, unsigned bits = 0, std::size_t value = 0)
    {
        symbols.push_back({symbol, static_cast<std::uint8_t>(bits), static_cast<std::uint16_t>(value)});
        ++counts[symbol];
    }

    explicit CodeBits(const std::vector<std::uint8_t>& lengths)
    {
        for (std::size_t i = 0; i < lengths.size();) {
            std::size_t end = i + 1;
            while (end < lengths.size() && lengths[end] == lengths[i])
                ++end;
            std::size_t left = end - i;
            if (lengths[i] != 0) {
                add(lengths[i]);
                --left;
            }
            while (left >= 3) {
                const std::size_t most = lengths[i] != 0 ? 6 : 138, run = std::min(left, most);
                if (lengths[i] != 0)
                    add(16, 2, run - 3);
                else if (run <= 10)
                    add(17, 3, run - 3);
                else
                    add(18, 7, run - 11);
                left -= run;
            }
            for (; left > 0; --left)
                add(lengths[i]);
            i = end;
        }
    }
};

/// One block with codes of its own; it ends at a whole byte.
template <std::size_t channels> std::string block_of(const FlatRows& rows, std::size_t first, std::size_t last)
{
    const Tokens tokens = tokens_of<channels>(rows, first, last);
    const Code literal(tokens.literal_counts, 15), distance(tokens.distance_counts, 15);
    std::vector<std::uint8_t> lengths = literal.bits;
    lengths.insert(lengths.end(), distance.bits.begin(), distance.bits.end());
    const CodeBits described(lengths);
    const Code of_codes(described.counts, 7);

    std::size_t bits = 0;
    for (std::size_t i = 0; i < literals; ++i)
        bits += tokens.literal_counts[i] * (literal.bits[i] + 5U);
    for (std::size_t i = 0; i < distances; ++i)
        bits += tokens.distance_counts[i] * (distance.bits[i] + 13U);
    std::string bytes(1024 + bits / 8, '\0');  // what comes before and after the tokens takes less than 1 kB
    Bits out(bytes.data());
    const bool is_last = last == rows.height;
    out.put(is_last ? 1 : 0, 1);
    out.put(2, 2);
    out.put(literals - 257, 5);
    out.put(distances - 1, 5);
    out.put(19 - 4, 4);
    for (const std::size_t i : {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15})
        out.put(of_codes.bits[i], 3);
    for (const Symbol& symbol : described.symbols) {
        out.put(of_codes.words[symbol.symbol], of_codes.bits[symbol.symbol]);
        out.put(symbol.value, symbol.bits);
    }
    struct Word {
        std::uint64_t bits = 0;
        unsigned count = 0;
        Word& operator+=(const Word& other)
        {
            bits |= other.bits << count;
            count += other.count;
            return *this;
        }
    };
    const auto word_of = [](const Code& code, const Symbol& symbol) {
        const unsigned count = code.bits[symbol.symbol];
        return Word{code.words[symbol.symbol] | std::uint64_t{symbol.value} << count, count + symbol.bits};
    };
    std::array<Word, 256> of_byte;
    for (std::uint16_t byte = 0; byte < 256; ++byte)
        of_byte[byte] = word_of(literal, {byte, 0, 0});
    std::array<Word, longest_match + 1> of_length;
    for (std::size_t length = shortest_match; length <= longest_match; ++length)
        of_length[length] = word_of(literal, length_symbol(length));
    const std::uint8_t* at = rows.bytes + first * rows.stride();
    tokens.each(
        [&] {
            out.put(of_byte[0].bits, of_byte[0].count);
            ++at;
        },
        [&] {
            Word word = of_byte[at[0]];
            for (std::size_t i = 1; i < std::min<std::size_t>(channels, 3); ++i)
                word += of_byte[at[i]];
            out.put(word.bits, word.count);
            if constexpr (channels > 3)
                out.put(of_byte[at[3]].bits, of_byte[at[3]].count);
            at += channels;
        },
        [&](std::size_t length, std::size_t back) {
            Word word = of_length[length];
            word += word_of(distance, distance_symbol(back));
            out.put(word.bits, word.count);
            at += length;
        });
    out.put(literal.words[end_of_block], literal.bits[end_of_block]);
    if (!is_last)
        out.put(0, 3);  // an empty stored block goes to the next whole byte
    bytes.resize(static_cast<std::size_t>(out.end() - bytes.data()));
    if (!is_last)
        bytes.append("\0\0\xff\xff", 4);
    return bytes;
}

}  // namespace

std::string deflate_flat(const FlatRows& rows)
{
    const std::size_t in_a_band = std::max<std::size_t>(1, band_bytes / rows.stride());
    const std::size_t count = (rows.height + in_a_band - 1) / in_a_band;
    std::vector<std::string> blocks(count);
    const auto block_of_channels = rows.channels == 1 ? block_of<1> : rows.channels == 3 ? block_of<3> : block_of<4>;
    const auto make = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            blocks[i] = block_of_channels(rows, i * in_a_band, std::min(rows.height, (i + 1) * in_a_band));
    };
    if (count < bands_for_threads) {
        make(0, count);
    } else {
        base::RunContext run;
        base::parallel_for(run, count, 1, make);
    }
    std::string out("\x78\x01", 2);
    out.reserve(std::accumulate(blocks.begin(), blocks.end(), std::size_t{6}, [](std::size_t sum, const std::string& block) { return sum + block.size(); }));
    for (const std::string& block : blocks)
        out += block;
    const std::uint32_t sum = libdeflate_adler32(1, rows.bytes, rows.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(sum >> shift & 0xff));
    return out;
}

}  // namespace stadtgdi::render
