// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/public_key.hpp>

#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace stadtgdi::access {

namespace {

constexpr int least_rsa_bits = 2048, most_rsa_bits = 8192;

bool is_p256(const EVP_PKEY& key)
{
    char group[64] = {};
    std::size_t length = 0;
    return EVP_PKEY_get_group_name(&key, group, sizeof group, &length) == 1 && std::string(group, length) == "prime256v1";
}

}  // namespace

std::optional<base::Text> fault_of_public_key(const std::string& pem, TokenAlgorithm algorithm)
{
    const std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    ERR_clear_error();
    if (!key)
        return base::Text{"a public key in PEM, \"-----BEGIN PUBLIC KEY----- ...\"", "ein öffentlicher Schlüssel in PEM, \"-----BEGIN PUBLIC KEY----- ...\""};
    if (algorithm == TokenAlgorithm::rs256) {
        const int bits = EVP_PKEY_get_bits(key.get());
        if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || bits < least_rsa_bits || bits > most_rsa_bits)
            return base::Text{"for RS256 an RSA key of 2048 to 8192 bits", "für RS256 ein RSA-Schlüssel mit 2048 bis 8192 Bit"};
    } else if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC || !is_p256(*key)) {
        return base::Text{"for ES256 a key on the curve P-256", "für ES256 ein Schlüssel auf der Kurve P-256"};
    }
    return std::nullopt;
}

}  // namespace stadtgdi::access
