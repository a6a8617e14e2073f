// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/zip_dates.hpp>

#include <array>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <string_view>

namespace stadtgdi::io::detail {

namespace {

constexpr std::uint32_t in_zip64 = 0xffffffff;

template <std::size_t size> std::uint32_t number_at(const std::array<char, size>& bytes, std::size_t at, std::size_t count)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < count; ++i)
        number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << 8 * i;
    return number;
}

template <std::size_t size> bool begins(const std::array<char, size>& bytes, std::string_view mark) { return std::string_view(bytes.data(), mark.size()) == mark; }

/// Time and date of MS-DOS, local, in steps of two seconds.
std::array<char, 4> dos_time(std::time_t moment)
{
    std::tm local{};
    localtime_r(&moment, &local);
    const int time = local.tm_sec / 2 | local.tm_min << 5 | local.tm_hour << 11;
    const int date = local.tm_mday | (local.tm_mon + 1) << 5 | (local.tm_year - 80) << 9;
    return {static_cast<char>(time), static_cast<char>(time >> 8), static_cast<char>(date), static_cast<char>(date >> 8)};
}

}  // namespace

// APPNOTE.TXT of PKWARE, 4.3: the end names the central directory, which names the header of each file; the time stands in both.
void date_files_in_zip(const std::string& path)
{
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const std::array<char, 4> now = dos_time(std::time(nullptr));
    const auto put = [&](std::streamoff at) { file.seekp(at).write(now.data(), now.size()); };
    std::array<char, 22> end{};
    if (!file.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end).read(end.data(), end.size()) || !begins(end, "PK\5\6"))
        return;
    std::streamoff at = number_at(end, 16, 4);
    if (at == in_zip64)
        return;
    std::array<char, 46> entry{};
    while (file.seekg(at).read(entry.data(), entry.size()) && begins(entry, "PK\1\2")) {
        const std::uint32_t header = number_at(entry, 42, 4);
        if (number_at(entry, 12, 4) == 0 && header != in_zip64) {
            put(at + 12);
            put(std::streamoff{header} + 10);
        }
        at += static_cast<std::streamoff>(entry.size() + number_at(entry, 28, 2) + number_at(entry, 30, 2) + number_at(entry, 32, 2));
    }
}

}  // namespace stadtgdi::io::detail
