// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/property_text.hpp>

namespace stadtgdi::ows {

PropertyPlan::PropertyPlan(const table::Column& values, Syntax format, std::string_view before_value, std::string_view after_value,
                           std::string_view null_text, std::string_view quote, std::int64_t rows)
    : type(values.type()), column(&values), syntax(format), null(null_text), nullable(!values.validity().all_valid())
{
    // Dates need no quotes in CSV, where quotes say that a value is a text.
    const bool quoted = type == table::Type::text || (format != Syntax::csv && (type == table::Type::date || type == table::Type::datetime));
    const std::string first = std::string(before_value) + (quoted ? std::string(quote) : std::string());
    const std::string last = (quoted ? std::string(quote) : std::string()) + std::string(after_value);
    before = PaddedText(first);
    after = PaddedText(last);
    const auto entry = [&](std::string_view text) { entries.add(first + std::string(text) + last); };
    switch (type) {
    case table::Type::boolean:
        entry("false");
        entry("true");
        m_bools = values.bools().data();
        break;
    case table::Type::int64: m_ints = values.ints().data(); break;
    case table::Type::float64: m_doubles = values.doubles().data(); break;
    case table::Type::date: m_dates = values.dates().data(); break;
    case table::Type::datetime: m_ints = values.datetimes().data(); break;
    case table::Type::text:
        if (values.is_dictionary() && static_cast<std::int64_t>(values.dictionary().size()) <= rows) {
            codes = values.codes().data();
            for (std::size_t i = 0; i < values.dictionary().size(); ++i) {
                const std::string_view text = values.dictionary().text(i);
                std::string escaped(text.size() * longest_escape + 8, '\0');
                escaped.resize(static_cast<std::size_t>(put_escaped_text(escaped.data(), text) - escaped.data()));
                entry(escaped);
            }
        }
        break;
    }
    room = std::max({first.size() + last.size() + 40, entries.longest(), null_text.size()});
}

}  // namespace stadtgdi::ows
