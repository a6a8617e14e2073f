// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/password.hpp>

#include <layers/base/error.hpp>
#include <services/access/digest.hpp>

#include <crypt.h>
#include <memory>

namespace stadtgdi::access {

namespace {

constexpr int least_cost = 10, most_cost = 14, new_cost = 12;   // powers of two

/// libcrypt's answer; empty where it refuses the setting. Its working memory (32 KiB) is wiped by crypt_r itself.
std::string crypted(const std::string& password, const std::string& setting)
{
    const auto memory = std::make_unique<crypt_data>();
    const char* hash = crypt_r(password.c_str(), setting.c_str(), memory.get());
    return hash == nullptr || *hash == '*' ? std::string() : std::string(hash);
}

}  // namespace

std::optional<base::Text> fault_of_password_hash(const std::string& hash)
{
    const base::Text expected{"a bcrypt hash, made by 'stadtgdi serve --new-user'", "ein bcrypt-Hash, erzeugt mit 'stadtgdi serve --new-user'"};
    constexpr std::string_view alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const bool is_bcrypt = hash.size() == 60 && (hash.starts_with("$2b$") || hash.starts_with("$2y$") || hash.starts_with("$2a$")) && hash[6] == '$'
                           && hash[4] >= '0' && hash[4] <= '9' && hash[5] >= '0' && hash[5] <= '9' && hash.find_first_not_of(alphabet, 7) == std::string::npos;
    if (!is_bcrypt || crypt_checksalt(hash.c_str()) != CRYPT_SALT_OK)
        return expected;
    const int cost = (hash[4] - '0') * 10 + hash[5] - '0';
    if (cost < least_cost || cost > most_cost)
        return base::Text{"a bcrypt hash of cost " + std::to_string(least_cost) + " to " + std::to_string(most_cost),
                          "ein bcrypt-Hash mit Kosten von " + std::to_string(least_cost) + " bis " + std::to_string(most_cost)};
    return std::nullopt;
}

std::string password_hash(const std::string& password)
{
    if (password.empty() || password.size() > max_password_bytes || password.find('\0') != std::string::npos)
        throw Error(ErrorKind::invalid_argument, base::filled({"A password has 1 to {0} bytes.", "Ein Passwort hat 1 bis {0} Bytes."}, std::to_string(max_password_bytes)));
    const std::string random = random_bytes(16);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    std::string hash;
    if (crypt_gensalt_rn("$2b$", new_cost, random.data(), static_cast<int>(random.size()), setting, sizeof setting) != nullptr)
        hash = crypted(password, setting);
    if (hash.empty())
        throw Error(ErrorKind::unsupported, {"The system's libcrypt knows no bcrypt.", "Die libcrypt des Systems kennt kein bcrypt."});
    return hash;
}

bool fits_password(const std::string& password, const std::string& hash)
{
    // The work is done for a password that cannot be right, too.
    const bool possible = !password.empty() && password.size() <= max_password_bytes && password.find('\0') == std::string::npos;
    const std::string given = crypted(possible ? password : std::string(), hash);
    return possible && !given.empty() && equal_in_constant_time(given, hash);
}

}  // namespace stadtgdi::access
