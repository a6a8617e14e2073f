// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/taxon_table.hpp>
#include <layers/validate/detail/check.hpp>
#include <unordered_map>

namespace stadtgdi::validate::detail {

void taxon_unknown(Check& check)
{
    enum class State { fine, unknown, contradicts };
    const trees::TaxonTable& table = trees::TaxonTable::shipped();
    std::unordered_map<std::string, State> known;  // by name and genus as written
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        std::string_view name = check.layer.text("taxon_text", row);
        if (name.empty())
            name = check.layer.text("species", row);
        const std::string_view genus = check.layer.text("genus", row);
        if ((name.empty() && genus.empty()) || check.layer.text("status", row) == "group")
            continue;
        const std::string key = std::string(name) + "\n" + std::string(genus);
        auto found = known.find(key);
        if (found == known.end()) {
            const trees::Taxon taxon = table.accepted(trees::parse_taxon(name.empty() ? genus : name));
            State state = taxon.genus.empty() ? State::unknown : State::fine;
            // A synonym may be of another genus: both sides are compared as accepted names.
            const trees::Taxon typed = table.accepted(trees::parse_taxon(genus));
            if (state == State::fine && !genus.empty() && taxon.genus != typed.genus && trees::parse_taxon(name).genus != genus)
                state = State::contradicts;
            found = known.emplace(key, state).first;
        }
        if (found->second == State::unknown)
            check.report(static_cast<std::int64_t>(row), Severity::warning, "taxon_text", std::string(name.empty() ? genus : name),
                         {"The species table does not know this name.", "Die Artentabelle kennt diesen Namen nicht."});
        else if (found->second == State::contradicts)
            check.report(static_cast<std::int64_t>(row), Severity::error, "genus", std::string(genus),
                         base::filled({"The genus contradicts the species '{0}'.", "Die Gattung widerspricht der Art „{0}“."}, name));
    }
}

}  // namespace stadtgdi::validate::detail
