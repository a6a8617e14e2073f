// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/validate/detail/check.hpp>

namespace stadtgdi::validate::detail {

void disclosure_too_open(Check& check)
{
    using catalogue::Disclosure;
    const Layer& layer = check.layer;
    if (!layer.disclosure)
        return;
    const std::string stored(catalogue::name_of(*layer.disclosure));
    if (layer.definition && layer.definition->disclosure == Disclosure::kritis && *layer.disclosure != Disclosure::kritis)
        check.report(-1, Severity::error, "disclosure_class", stored,
                     base::filled({"The layer holds critical infrastructure but is stored as '{0}', so services show it to others; store it as 'kritis'.",
                                   "Die Ebene enthält kritische Infrastruktur, ist aber als „{0}“ gespeichert und wird so von Diensten gezeigt; bitte als „kritis“ speichern."},
                                  stored));
    const Column* column = layer.column("disclosure_class");
    if (!column || column->type() != table::Type::text)
        return;
    // Services know the class of the layer: a row that asks for more protection would not get it.
    for (std::size_t row = 0; row < column->size(); ++row) {
        const auto wanted = column->valid(row) ? catalogue::disclosure_of(column->text(row)) : std::nullopt;
        if (wanted && *wanted > *layer.disclosure)
            check.report(row, "disclosure_class",
                         base::filled({"The object asks for more protection than its layer has ('{0}'), so services show it; move it to a protected layer or change its class.",
                                       "Das Objekt verlangt mehr Schutz, als seine Ebene („{0}“) hat, und wird so von Diensten gezeigt; bitte in eine geschützte Ebene verschieben oder die Schutzklasse ändern."},
                                      stored));
    }
}

}  // namespace stadtgdi::validate::detail
