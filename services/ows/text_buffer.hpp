// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::ows {

/// A growing piece of text written through a bare pointer: ask for room once per feature, then write without checks.
///     TextBuffer out(piece); char* at = out.room(200); at = put(at, text); out.advance(at); out.finish();
class TextBuffer {
public:
    /// Bytes that may be written beyond the room asked for, so that short texts can be copied in blocks.
    static constexpr std::size_t slack = 64;

    explicit TextBuffer(std::string& text) : m_text(text) { m_text.resize(m_text.capacity()); }
    /// A pointer to at least `bytes` + slack writable bytes.
    char* room(std::size_t bytes)
    {
        if (m_text.size() - m_used < bytes + slack) m_text.resize(m_text.size() + m_text.size() / 2 + bytes + slack);
        return m_text.data() + m_used;
    }
    void advance(const char* end) { m_used = static_cast<std::size_t>(end - m_text.data()); }
    std::size_t size() const { return m_used; }
    void finish() { m_text.resize(m_used); }

private:
    std::string& m_text;
    std::size_t m_used = 0;
};

/// Text with readable bytes behind its end, so that it can be copied in blocks of 32 without a call.
class PaddedText {
public:
    PaddedText() : PaddedText(std::string_view()) {}
    explicit PaddedText(std::string_view text) : m_bytes(text.begin(), text.end()), m_size(text.size()) { m_bytes.resize(m_size + TextBuffer::slack); }
    const char* data() const { return m_bytes.data(); }
    std::size_t size() const { return m_size; }

private:
    std::vector<char> m_bytes;
    std::size_t m_size;
};

inline char* put(char* out, const char* padded, std::size_t size)
{
    std::memcpy(out, padded, 32);
    for (std::size_t done = 32; done < size; done += 32) std::memcpy(out + done, padded + done, 32);
    return out + size;
}

inline char* put(char* out, const PaddedText& text) { return put(out, text.data(), text.size()); }

/// Many padded texts in one block of memory, for the entries of a dictionary.
class PaddedTexts {
public:
    void add(std::string_view text)
    {
        m_starts.push_back(m_bytes.size() - TextBuffer::slack);
        m_sizes.push_back(static_cast<std::uint32_t>(text.size()));
        m_bytes.insert(m_bytes.end() - TextBuffer::slack, text.begin(), text.end());
        m_longest = std::max(m_longest, text.size());
    }
    char* put_entry(char* out, std::size_t i) const { return put(out, m_bytes.data() + m_starts[i], m_sizes[i]); }
    std::size_t size() const { return m_starts.size(); }
    std::size_t longest() const { return m_longest; }

private:
    std::vector<char> m_bytes = std::vector<char>(TextBuffer::slack);
    std::vector<std::size_t> m_starts;
    std::vector<std::uint32_t> m_sizes;
    std::size_t m_longest = 0;
};

}  // namespace stadtgdi::ows
